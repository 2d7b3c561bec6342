import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';

/** The evidence, or what draws it, is on its way. */
export function EvidenceWaiting() {
  return <SkeletonLines lines={12} />;
}
