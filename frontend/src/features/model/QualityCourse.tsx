import { useMemo } from 'react';
import type { Quality, RiskLevel } from '@/shared/api/types';
import { LineChart } from '@/shared/charts/LineChart';
import { share } from './figures';

/** Precision and recall of each day, with everything from a level on called risky. */
export function QualityCourse({ days, level }: { days: Quality['days']; level: RiskLevel }) {
  const { x, series } = useMemo(() => {
    const rates = days.map((day) => day.levels.find((each) => each.level === level));
    return {
      x: days.map(({ day }) => Date.parse(day)),
      series: [
        {
          id: 'precision',
          name: 'Precision',
          tone: 'first' as const,
          values: rates.map((each) => each?.precision ?? null),
        },
        {
          id: 'recall',
          name: 'Recall',
          tone: 'second' as const,
          values: rates.map((each) => each?.recall ?? null),
        },
      ],
    };
  }, [days, level]);
  return (
    <LineChart
      title="Quality"
      unit="by day of the event, UTC"
      of="time"
      x={x}
      series={series}
      top={1}
      format={share}
      formatX={(at) => new Date(at).toISOString().slice(5, 10)}
    />
  );
}
