import { useMemo } from 'react';
import { LineChart } from '@/shared/charts/LineChart';
import { measure } from '@/shared/format/number';
import { course, SHIFTED, WATCH } from './drifting';
import { useDriftHistory } from './useDriftHistory';

/** How the drift of one feature went, between the lines of what it means. */
export function DriftCourse({ feature, hours }: { feature: string; hours: number }) {
  const { data: history, error, refetch } = useDriftHistory(hours);
  const { x, series } = useMemo(() => {
    const { x: at, values } = history ? course(history, feature) : { x: [], values: [] };
    const line = (value: number) => at.map(() => value);
    return {
      x: at,
      series: [
        { id: 'psi', name: feature, tone: 'first' as const, values },
        { id: 'watch', name: 'Watch', tone: 'medium' as const, values: line(WATCH) },
        { id: 'shifted', name: 'Shifted', tone: 'critical' as const, values: line(SHIFTED) },
      ],
    };
  }, [history, feature]);
  return (
    <LineChart
      title={`Drift of ${feature}`}
      unit={`index, ${history?.step_hours === 6 ? 'six hours each' : 'an hour each'}`}
      of="time"
      x={x}
      series={series}
      format={measure}
      loading={!history && !error}
      error={history ? null : error}
      onRetry={() => void refetch()}
      empty="No event has been counted in this time."
    />
  );
}
