import type { TopReason } from '@/shared/api/types';
import { BarChart } from '@/shared/charts/BarChart';
import type { QueryState } from '../queryState';

/** Why the risky ones are risky. */
export function TopReasons({
  reasons,
  state,
}: {
  reasons: readonly TopReason[] | undefined;
  state: QueryState;
}) {
  return (
    <BarChart
      {...state}
      title="Top reasons"
      unit="risky assessments, 15 min"
      of="Reason"
      height={204}
      bars={(reasons ?? []).map(({ code, meaning, text, count }) => ({
        id: code,
        name: <span title={text}>{meaning}</span>,
        value: count,
      }))}
      empty="Nothing high or critical in the last 15 minutes"
    />
  );
}
