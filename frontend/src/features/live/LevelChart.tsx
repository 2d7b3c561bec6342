import { lazy, Suspense, useState } from 'react';
import type { RiskLevel } from '@/shared/api/types';
import { LEVELS_DOWN } from '@/shared/risk/levels';
import { Icon } from '@/shared/ui/Icon';
import { ProblemNotice } from '@/shared/ui/ProblemNotice';
import { Segments } from '@/shared/ui/Segments';
import { Legend } from './Legend';
import { MinuteTable } from './MinuteTable';
import type { Minute } from './minutes';

const LevelPlot = lazy(() => import('./LevelPlot').then((module) => ({ default: module.LevelPlot })));

const VIEWS = [
  {
    value: 'chart',
    label: (
      <>
        <Icon name="chart" size={13} /> Chart
      </>
    ),
  },
  {
    value: 'table',
    label: (
      <>
        <Icon name="table" size={13} /> Table
      </>
    ),
  },
] as const;

interface Props {
  minutes: readonly Minute[] | undefined;
  error: Error | null;
  onRetry: () => void;
}

/** How the levels went over the last hour, as stacked bars or as the numbers behind them. */
export function LevelChart({ minutes, error, onRetry }: Props) {
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const [hidden, setHidden] = useState<ReadonlySet<RiskLevel>>(new Set());
  const [pointed, setPointed] = useState<number | null>(null);
  const shown = LEVELS_DOWN.filter((level) => !hidden.has(level));
  const toggle = (level: RiskLevel) => {
    const next = new Set(hidden);
    if (!next.delete(level)) next.add(level);
    setHidden(next);
  };
  return (
    <section aria-labelledby="chart-title" className="shrink-0 rounded-md border border-line bg-panel">
      <header className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 pt-3 pb-1">
        <h2 id="chart-title" className="font-semibold">
          Assessments per minute, by level
        </h2>
        <Legend hidden={hidden} onToggle={toggle} minute={minutes?.[pointed ?? -1] ?? minutes?.at(-1)} />
        <span className="ml-auto">
          <Segments label="Show as" value={view} options={VIEWS} onChange={setView} />
        </span>
      </header>
      <div className="h-44 px-2 pb-2">
        {!minutes && error && <ProblemNotice error={error} onRetry={onRetry} />}
        {minutes && view === 'table' && <MinuteTable minutes={minutes} />}
        {minutes && view === 'chart' && (
          <Suspense>
            <LevelPlot minutes={minutes} levels={shown} onPoint={setPointed} />
          </Suspense>
        )}
      </div>
    </section>
  );
}
