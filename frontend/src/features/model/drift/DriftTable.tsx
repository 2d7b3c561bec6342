import { useMemo } from 'react';
import type { ModelDrift } from '@/shared/api/types';
import { useRuleNames } from '@/shared/risk/evidence/useRuleNames';
import type { Column } from '@/shared/ui/table/columns';
import { DataTable } from '@/shared/ui/table/DataTable';
import { decimal } from '../quality/figures';
import { BandName } from './BandName';
import { SHIFTED } from './drifting';

type Row = ModelDrift['features'][number];

interface Props {
  features: readonly Row[];
  picked: string;
  onPick: (feature: string) => void;
}

/** Each feature with its index, most first; one is picked to see its course. */
export function DriftTable({ features, picked, onPick }: Props) {
  const { data: names } = useRuleNames();
  const columns = useMemo<readonly Column<Row>[]>(() => {
    const meanings = new Map(names?.items.map(({ name, meaning }) => [name, meaning]));
    const meaning = ({ feature }: Row) =>
      feature === 'score' ? 'the champion’s own probability' : meanings.get(`features.${feature}`);
    return [
      {
        id: 'feature',
        header: 'Feature',
        width: 170,
        grow: 2,
        cell: (row) => (
          <span title={meaning(row)}>
            <span className="font-mono text-xs font-medium">{row.feature}</span>{' '}
            <span className="text-xs text-faint">{meaning(row)}</span>
          </span>
        ),
        value: ({ feature }) => feature,
      },
      {
        id: 'band',
        header: 'Means',
        width: 84,
        cell: ({ band }) => <BandName band={band} />,
        value: ({ psi }) => psi,
      },
      {
        id: 'psi',
        header: 'PSI',
        width: 120,
        align: 'right',
        cell: ({ psi }) => <Index psi={psi} />,
        value: ({ psi }) => psi,
      },
    ];
  }, [names]);
  return (
    <DataTable
      fit
      label="Drift of features, most first"
      columns={columns}
      rows={features}
      rowId={({ feature }) => feature}
      empty={null}
      card={({ feature, psi, band }) => (
        <>
          <span className="block truncate font-mono text-xs font-medium">{feature}</span>
          <span className="flex items-center justify-between">
            <BandName band={band} />
            <Index psi={psi} />
          </span>
        </>
      )}
      selected={picked}
      onSelect={onPick}
    />
  );
}

/** A number, and a bar that is full at twice the index of another population. */
function Index({ psi }: { psi: number }) {
  return (
    <span className="inline-flex items-center gap-2">
      <span aria-hidden="true" className="h-1 w-14 overflow-hidden rounded-xs bg-sunken">
        <span
          className="block h-full bg-series-first"
          style={{ width: `${Math.min(1, psi / (2 * SHIFTED)) * 100}%` }}
        />
      </span>
      {decimal(psi)}
    </span>
  );
}
