import { useMemo } from 'react';
import type { BacktestReport } from '@/shared/api/types';
import { BarChart } from '@/shared/charts/BarChart';
import { LineChart } from '@/shared/charts/LineChart';
import { count } from '@/shared/format/number';
import { steps } from '../versions/steps';
import { share } from '../words';

const COUNTED = ['hits', 'labelled_hits', 'fraud_hits', 'alerts_before', 'alerts_after'] as const;

/** Hits by what they turned out to be, alerts before and after, and other rules with the same hits. */
export function BacktestCharts({ report }: { report: BacktestReport }) {
  const { x, unit, hits, alerts } = useMemo(() => {
    const { counts, ...axis } = steps(COUNTED, report.hours);
    const less = (all: number[], some: number[]) => all.map((value, i) => value - (some[i] ?? 0));
    return {
      ...axis,
      hits: [
        { id: 'fraud', name: 'Fraud', tone: 'second' as const, values: counts.fraud_hits },
        {
          id: 'honest',
          name: 'Not fraud',
          tone: 'first' as const,
          values: less(counts.labelled_hits, counts.fraud_hits),
        },
        {
          id: 'unlabelled',
          name: 'No label',
          tone: 'fourth' as const,
          values: less(counts.hits, counts.labelled_hits),
        },
      ],
      alerts: [
        { id: 'before', name: 'Without the rule', tone: 'fourth' as const, values: counts.alerts_before },
        { id: 'after', name: 'With it', tone: 'first' as const, values: counts.alerts_after },
      ],
    };
  }, [report.hours]);
  return (
    <>
      <LineChart
        bare
        title="Hits"
        unit={unit}
        of="time"
        kind="stacked"
        x={x}
        series={hits}
        format={count}
        height={130}
      />
      <LineChart
        bare
        title="Alerts"
        unit={unit}
        of="time"
        x={x}
        series={alerts}
        format={count}
        height={130}
      />
      <BarChart
        bare
        title="The same hits"
        unit="of the compared hits"
        of="Rule"
        height={Math.min(170, 44 * Math.max(1, report.overlap.length))}
        bars={report.overlap.map(({ rule_id, name, version, hits: same }) => ({
          id: rule_id,
          name: `${name}, v${version}`,
          value: same / Math.max(1, report.compared_hits),
          note: count(same),
        }))}
        format={share}
        full={1}
        empty="No other rule, live or in shadow, hits the same events."
      />
    </>
  );
}
