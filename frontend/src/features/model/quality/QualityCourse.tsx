import { useMemo } from 'react';
import type { Quality, RiskLevel } from '@/shared/api/types';
import { LineChart } from '@/shared/charts/LineChart';
import { utcDate } from '@/shared/time/format';
import { share } from './figures';

const DAY = 86_400_000;

/** Precision and recall of each day, with everything from a level on called risky. */
export function QualityCourse({ quality, level }: { quality: Quality; level: RiskLevel }) {
  const { x, series } = useMemo(() => {
    const days = new Map(quality.days.map((each) => [Date.parse(each.day), each]));
    const first = Math.floor(Date.parse(quality.since) / DAY);
    const last = Math.floor(Date.parse(quality.until) / DAY);
    const x = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    const rates = x.map((day) => days.get(day * DAY)?.levels.find((each) => each.level === level));
    return {
      x,
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
  }, [quality, level]);
  return (
    <LineChart
      title="Quality"
      unit="by day of the event"
      of="Day, UTC"
      x={x}
      series={series}
      top={1}
      format={share}
      formatX={(day) => (Number.isInteger(day) ? utcDate(new Date(day * DAY)).slice(5) : '')}
    />
  );
}
