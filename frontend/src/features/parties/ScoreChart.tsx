import { useMemo } from 'react';
import type { Activity } from '@/shared/api/types';
import { LineChart } from '@/shared/charts/LineChart';
import { score } from '@/shared/format/number';

/** The score of each of its newest events, over the time at which they occurred. */
export function ScoreChart({ activity }: { activity: Activity }) {
  const points = activity.scores;
  const { x, series } = useMemo(() => {
    const times: number[] = [];
    for (const point of points) {
      // Two events of one moment need two places.
      times.push(Math.max(Date.parse(point.occurred_at), (times.at(-1) ?? 0) + 1));
    }
    return { x: times, series: [{ id: 'score', name: 'Score', values: points.map((point) => point.score) }] };
  }, [points]);
  return (
    <LineChart
      title="Score over time"
      unit="0 to 1, an event each"
      of="time"
      x={x}
      series={series}
      top={1}
      format={score}
    />
  );
}
