import { SkeletonLines } from '@/shared/ui/SkeletonLines';

/** Draws the evidence, with its charts: fetched while the reader looks at the list. */
export const loadEvidence = () => import('./AlertEvidence');

/** The evidence, or what draws it, is on its way. */
export function EvidenceWaiting() {
  return <SkeletonLines lines={12} />;
}
