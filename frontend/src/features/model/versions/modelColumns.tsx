import type { ModelSummary } from '@/shared/api/types';
import { count } from '@/shared/format/number';
import { Age } from '@/shared/time/Age';
import type { Column } from '@/shared/ui/table/columns';
import { decimal } from '../quality/figures';
import type { Wanted } from '../wanted';
import { PromoteButtons } from './PromoteButtons';
import { RoleName } from './RoleName';

const metric = (id: string, header: string, name: string): Column<ModelSummary> => ({
  id,
  header,
  width: 78,
  align: 'right',
  cell: ({ metrics }) => decimal(metrics[name]),
  value: ({ metrics }) => metrics[name],
});

/** The columns of versions; with what they can become for those who may. */
export function modelColumns(
  onWant: ((wanted: Wanted) => void) | undefined,
): readonly Column<ModelSummary>[] {
  const columns: Column<ModelSummary>[] = [
    {
      id: 'version',
      header: 'Version',
      width: 170,
      grow: 2,
      cell: ({ version }) => <span className="font-mono text-xs font-medium">{version}</span>,
      value: ({ version }) => version,
    },
    {
      id: 'role',
      header: 'State',
      width: 130,
      grow: 1,
      cell: ({ role, refused }) => {
        if (role) return <RoleName role={role} />;
        return refused ? (
          <span className="text-critical" title={refused}>
            ▲ Cannot score
          </span>
        ) : (
          <span className="text-faint">not in force</span>
        );
      },
    },
    metric('auc', 'AUC', 'auc'),
    metric('ap', 'Avg. prec.', 'average_precision'),
    metric('brier', 'Brier', 'brier'),
    {
      id: 'events',
      header: 'Fitted on',
      width: 96,
      align: 'right',
      cell: ({ period }) =>
        period.fitted ? count(period.fitted.events) : <span className="text-faint">–</span>,
      value: ({ period }) => period.fitted?.events,
      from: 760,
    },
    {
      id: 'created',
      header: 'Made',
      width: 110,
      align: 'right',
      cell: ({ created_at }) =>
        created_at ? (
          <Age at={created_at} suffix=" ago" />
        ) : (
          <span className="text-faint">comes with it</span>
        ),
      value: ({ created_at }) => (created_at ? Date.parse(created_at) : null),
      from: 760,
    },
  ];
  if (!onWant) return columns;
  return [
    ...columns,
    {
      id: 'promote',
      header: 'Action',
      width: 150,
      align: 'right',
      cell: (model) => <PromoteButtons model={model} onWant={onWant} />,
    },
  ];
}
