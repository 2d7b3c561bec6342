import Button from '@mui/material/Button';
import { useState } from 'react';
import type { RuleDetail } from '@/shared/api/types';
import { Segments } from '@/shared/ui/fields/Segments';
import { BacktestProgress } from './BacktestProgress';
import { BacktestResult } from './BacktestResult';
import { useBacktest } from './useBacktest';

const PERIODS = [
  { value: '24', label: '24 h' },
  { value: '168', label: '7 d' },
  { value: '720', label: '30 d' },
  { value: 'all', label: 'All' },
] as const;

/** What a version would have done to the past. */
export default function BacktestPanel({ rule }: { rule: RuleDetail }) {
  const [version, setVersion] = useState(rule.latest.version);
  const [period, setPeriod] = useState<(typeof PERIODS)[number]['value']>('168');
  const { state, start, stop } = useBacktest(rule.id);
  const running = state.status === 'running';
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-2">
        <label className="flex items-center gap-2">
          Version
          <select
            value={version}
            onChange={(event) => setVersion(Number(event.target.value))}
            className="h-[30px] rounded-sm border border-control bg-panel px-2"
          >
            {rule.versions.map((each) => (
              <option key={each.version} value={each.version}>
                v{each.version}, {each.status}
              </option>
            ))}
          </select>
        </label>
        <Segments label="Period" value={period} options={PERIODS} onChange={setPeriod} />
        {running ? (
          <Button variant="outlined" color="inherit" onClick={stop}>
            Stop
          </Button>
        ) : (
          <Button
            variant="contained"
            onClick={() => start({ version, hours: period === 'all' ? null : Number(period) })}
          >
            Run the backtest
          </Button>
        )}
      </div>
      {state.status === 'idle' ? (
        <p className="text-muted">
          A saved version is tried on what was scored, as if it had been live for all of it. Nothing is
          changed.
        </p>
      ) : (
        <>
          <BacktestProgress state={state} />
          {state.report && state.report.events > 0 && (
            <BacktestResult report={state.report} version={state.version} />
          )}
        </>
      )}
    </div>
  );
}
