import { asProblem } from '@/shared/api/problem';
import { count } from '@/shared/format/number';
import { momentText } from '@/shared/time/format';
import { type BacktestState, progress } from './backtest';

type Started = Exclude<BacktestState, { status: 'idle' }>;

const at = (time: string): string => momentText(new Date(time));

/** How far it is, in events and in time. */
export function BacktestProgress({ state: { status, report, error, version } }: { state: Started }) {
  const events = report?.events ?? 0;
  const done = status === 'done' ? 1 : progress(report);
  const words = {
    running: `Trying version ${version}: ${count(events)} of ${count(report?.scored ?? 0)} events`,
    done: events === 0 ? 'No event of this period can be tried' : `Tried on ${count(events)} events`,
    stopped: `Stopped after ${count(events)} of ${count(report?.scored ?? 0)} events`,
    failed: `Ended early, after ${count(events)} events`,
  }[status];
  return (
    <div>
      <div
        role="progressbar"
        aria-label="Backtest"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(done * 100)}
        className="h-1.5 overflow-hidden rounded-xs bg-sunken"
      >
        <div
          className={`h-full rounded-xs bg-accent transition-[width] ${status === 'running' && !report ? 'animate-pulse' : ''}`}
          style={{ width: `${Math.max(done * 100, status === 'running' ? 3 : 0)}%` }}
        />
      </div>
      <p role="status" className="mt-1.5 text-xs text-muted">
        {words}
        {report?.first_scored_at && `, back to ${at(report.first_scored_at)}`}.
      </p>
      {error && (
        <p role="alert" className="mt-1 text-critical">
          {asProblem(error).title}: {asProblem(error).detail}
        </p>
      )}
    </div>
  );
}
