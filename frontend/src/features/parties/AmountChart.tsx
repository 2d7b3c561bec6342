import { useState } from 'react';
import type { Activity } from '@/shared/api/types';
import { Histogram } from '@/shared/charts/Histogram';
import { money } from '@/shared/format/money';
import { measure, plural } from '@/shared/format/number';
import { Select } from '@/shared/ui/fields/Select';

const NONE = 'no currency';

/** How its amounts are spread, in one currency. Ranges widen with the amount, so they are drawn equally wide. */
export function AmountChart({ activity }: { activity: Activity }) {
  const [chosen, setChosen] = useState(0);
  const amounts = activity.amounts[chosen] ?? activity.amounts[0];
  const bins = amounts?.bins ?? [];
  const currency = amounts?.currency ?? '';
  const edges = [...bins.map((bin) => Number(bin.lower)), Number(bins.at(-1)?.upper ?? 0)];
  const names = activity.amounts.map((each, i) => ({ value: String(i), label: each.currency ?? NONE }));
  return (
    <Histogram
      title="Amounts"
      unit={
        amounts
          ? `${plural(amounts.events, 'event')}, median ${money(amounts.median, amounts.currency).number}`
          : 'events'
      }
      of={`Amount${currency && `, ${currency}`}`}
      bins={bins.map((bin, i) => ({ from: i, to: i + 1, values: [bin.events] }))}
      series={[{ name: 'Events' }]}
      formatEdge={(edge) => measure(edges[Math.round(edge)] ?? 0)}
      empty="None of these events had an amount"
      actions={
        names.length > 1 && (
          <Select
            label="Currency"
            value={String(chosen)}
            options={names}
            onChange={(value) => setChosen(Number(value))}
          />
        )
      }
    />
  );
}
