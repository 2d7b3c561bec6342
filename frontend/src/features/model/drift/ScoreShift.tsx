import { useMemo } from 'react';
import type { ModelDrift } from '@/shared/api/types';
import { LineChart } from '@/shared/charts/LineChart';
import { share } from '../quality/figures';

const small = new Intl.NumberFormat(undefined, { style: 'percent', maximumSignificantDigits: 2 });

/** How many events have a probability in each of the tenths that training had. */
export function ScoreShift({ score }: { score: NonNullable<ModelDrift['score']> }) {
  const { x, series, total } = useMemo(() => {
    const known = score.shares.slice(0, -1); // the last is of scores not known, of which there are none
    const all = score.counts.reduce((sum, each) => sum + each, 0);
    return {
      x: known.map((_, i) => i + 1),
      total: all,
      series: [
        { id: 'training', name: 'In training', tone: 'fourth' as const, values: known },
        {
          id: 'live',
          name: 'Live',
          tone: 'first' as const,
          values: known.map((_, i) => (score.counts[i] ?? 0) / all),
        },
      ],
    };
  }, [score]);
  const edge = (place: number) => {
    const upper = score.edges[place - 1];
    return upper === undefined ? `> ${small.format(score.edges.at(-1) ?? 0)}` : `≤ ${small.format(upper)}`;
  };
  return (
    <LineChart
      title="Probability"
      unit="share of events, by the tenths of training"
      of="Probability"
      x={total > 0 ? x : []}
      series={series}
      format={share}
      formatX={(place) => (Number.isInteger(place) ? edge(place) : '')}
      empty="No event has been counted in this time."
    />
  );
}
