import type { AssessmentSummary } from '@/shared/api/types';
import { score } from '@/shared/format/number';
import { DecisionTag } from '@/shared/risk/decisions/DecisionTag';
import { LevelName } from '@/shared/risk/scores/LevelMark';
import { TimeOfDay } from '@/shared/time/Moment';

/** The same in two lines, for a narrow screen. */
export function NarrowRow({ assessment }: { assessment: AssessmentSummary }) {
  return (
    <span role="gridcell" className="min-w-0 flex-1">
      <span className="flex items-center gap-2">
        <span className="w-7 shrink-0 font-medium tabular-nums">{score(assessment.score)}</span>
        <span className="shrink-0">
          <LevelName level={assessment.level} />
        </span>
        {assessment.decision && (
          <DecisionTag action={assessment.decision.action} overturn={assessment.overturn} />
        )}
        <span className="min-w-0 truncate" title={assessment.account_id}>
          {assessment.account_id}
        </span>
        <span className="ml-auto shrink-0 text-xs text-faint">
          <TimeOfDay at={assessment.scored_at} />
        </span>
      </span>
      <span className="block truncate text-xs text-muted">
        {assessment.reasons[0]?.text ?? 'Nothing stood out'}
      </span>
    </span>
  );
}
