import type { AssessmentSummary } from '@/shared/api/types';
import { score } from '@/shared/format/number';
import { DateAndTime } from '@/shared/time/Moment';
import { Amount } from '../amounts/Amount';
import { DecisionTag } from '../decisions/DecisionTag';
import { LevelName } from '../scores/LevelMark';

/** An assessment in three lines, for a narrow screen. */
export function AssessmentCard({ assessment: a }: { assessment: AssessmentSummary }) {
  return (
    <span className="block">
      <span className="flex items-center gap-2">
        <span className="w-7 shrink-0 font-medium tabular-nums">{score(a.score)}</span>
        <span className="shrink-0">
          <LevelName level={a.level} />
        </span>
        {a.decision && <DecisionTag action={a.decision.action} overturn={a.overturn} />}
        <span className="min-w-0 truncate">{a.account_id}</span>
        {a.amount != null && (
          <span className="ml-auto shrink-0">
            <Amount amount={a.amount} currency={a.currency} />
          </span>
        )}
      </span>
      <span className="block truncate text-xs text-muted">{a.reasons[0]?.text ?? 'Nothing stood out'}</span>
      <span className="block truncate text-xs text-faint">
        <DateAndTime at={a.occurred_at} zoned />
        {a.counterparty_id && ` · ${a.counterparty_id}`}
      </span>
    </span>
  );
}
