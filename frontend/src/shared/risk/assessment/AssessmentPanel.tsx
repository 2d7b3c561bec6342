import { lazy, Suspense } from 'react';
import type { AssessmentSummary } from '@/shared/api/types';
import { SidePanel } from '@/shared/ui/panels/SidePanel';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';

const AssessmentView = lazy(() =>
  import('./AssessmentView').then((module) => ({ default: module.AssessmentView })),
);

interface Props {
  eventId: string;
  summary?: AssessmentSummary | undefined;
  onClose: () => void;
}

/** An assessment beside a list; what shows it is loaded when one is first looked at. */
export function AssessmentPanel({ eventId, summary, onClose }: Props) {
  return (
    <SidePanel title="Assessment" onClose={onClose}>
      <Suspense fallback={<SkeletonLines lines={9} />}>
        <AssessmentView key={eventId} eventId={eventId} summary={summary} />
      </Suspense>
    </SidePanel>
  );
}
