import { useMemo, useState } from 'react';
import type { RuleDetail } from '@/shared/api/types';
import { LineChart } from '@/shared/charts/LineChart';
import { count } from '@/shared/format/number';
import { Segments } from '@/shared/ui/fields/Segments';
import { steps } from '../versions/steps';
import { HitsTable } from './HitsTable';
import { useRuleHits } from './useRuleHits';

const PERIODS = [
  { value: '24', label: '24 h' },
  { value: '168', label: '7 d' },
] as const;

/** What the rule hits, live beside shadow. */
export default function HitsPanel({ rule }: { rule: RuleDetail }) {
  const [hours, setHours] = useState<(typeof PERIODS)[number]['value']>('24');
  const { data: stats, error, refetch } = useRuleHits(rule.id, Number(hours));
  const { x, unit, series } = useMemo(() => {
    const span = stats ? [Date.parse(stats.since), Date.now()] : [];
    const { counts, ...axis } = steps(['live', 'shadow'], stats?.hours ?? [], span);
    return {
      ...axis,
      series: [
        { id: 'live', name: 'Live', tone: 'first' as const, values: counts.live },
        { id: 'shadow', name: 'In shadow', tone: 'third' as const, values: counts.shadow },
      ],
    };
  }, [stats]);
  return (
    <div className="flex flex-col gap-4">
      <LineChart
        bare
        title="Hits"
        unit={unit}
        of="time"
        x={x}
        series={series}
        format={count}
        height={160}
        loading={!stats && !error}
        error={stats ? null : error}
        onRetry={() => void refetch()}
        empty={
          rule.status === 'draft'
            ? 'A draft hits nothing. In shadow its hits are counted, and change nothing.'
            : 'It hit nothing in this time.'
        }
        actions={<Segments label="Period" value={hours} options={PERIODS} onChange={setHours} />}
      />
      {stats && stats.versions.length > 0 && <HitsTable stats={stats} />}
    </div>
  );
}
