import { useMemo } from 'react';
import { LineChart } from '@/shared/charts/LineChart';
import type { Tone } from '@/shared/charts/tones';
import { count } from '@/shared/format/number';
import { LevelName } from '@/shared/risk/scores/LevelMark';
import { LEVELS_DOWN } from '@/shared/risk/scores/levels';
import type { Minute } from './minutes';

interface Props {
  minutes: readonly Minute[] | undefined;
  error: Error | null;
  onRetry: () => void;
}

/** How the levels went over the last hour, as stacked bars or as the numbers behind them. */
export function LevelChart({ minutes, error, onRetry }: Props) {
  const x = useMemo(() => minutes?.map(({ start }) => start) ?? [], [minutes]);
  const series = useMemo(
    () =>
      LEVELS_DOWN.map((level) => ({
        id: level,
        name: <LevelName level={level} />,
        tone: level.toLowerCase() as Tone,
        marked: true,
        values: minutes?.map((minute) => minute[level]) ?? [],
      })),
    [minutes],
  );
  return (
    <LineChart
      title="Assessments"
      unit="per minute, by level"
      of="time"
      kind="stacked"
      x={x}
      series={series}
      format={count}
      loading={!minutes}
      error={minutes ? null : error}
      onRetry={onRetry}
    />
  );
}
