import { Link } from '@tanstack/react-router';
import type { TopAccount } from '@/shared/api/types';
import { BarChart } from '@/shared/charts/BarChart';
import { count, score } from '@/shared/format/number';
import type { QueryState } from '../queryState';

/** Whose the risky ones are, those with the most critical first. */
export function TopAccounts({
  accounts,
  state,
}: {
  accounts: readonly TopAccount[] | undefined;
  state: QueryState;
}) {
  return (
    <BarChart
      {...state}
      title="Riskiest accounts"
      unit="risky assessments, 15 min"
      of="Account"
      height={184}
      bars={(accounts ?? []).map((account) => ({
        id: account.account_id,
        name: (
          <Link
            to="/accounts/$accountId"
            params={{ accountId: account.account_id }}
            className="rounded-xs text-accent hover:underline"
          >
            {account.account_id}
          </Link>
        ),
        value: account.count,
        note: `${count(account.critical)} critical, up to ${score(account.max_score)}`,
        tone: account.critical > 0 ? 'critical' : 'high',
      }))}
      empty="Nothing high or critical in the last 15 minutes"
    />
  );
}
