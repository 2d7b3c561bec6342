import { ScoreChart } from './ScoreChart';
import { TopAccounts } from './TopAccounts';
import { TopReasons } from './TopReasons';
import { useOverview } from './useOverview';

/** What is behind the stream of rows: how they score, why, and whose they are. */
export default function Overview() {
  const { data, error, refetch } = useOverview();
  const state = { loading: !data, error: data ? null : error, onRetry: () => void refetch() };
  return (
    <aside
      aria-label="The last 15 minutes"
      className="flex min-h-0 shrink-0 flex-col gap-3 sm:gap-4 lg:w-80 lg:overflow-y-auto"
    >
      <ScoreChart scores={data?.scores} state={state} />
      <TopReasons reasons={data?.reasons} state={state} />
      <TopAccounts accounts={data?.accounts} state={state} />
    </aside>
  );
}
