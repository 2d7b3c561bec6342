import Button from '@mui/material/Button';
import { useMemo, useState } from 'react';
import type { Configuration } from '@/shared/api/types';
import { LEVEL } from '@/shared/risk/scores/levels';
import { DateAndTime } from '@/shared/time/Moment';
import { ConfirmDialog } from '@/shared/ui/dialogs/ConfirmDialog';
import { Field } from '@/shared/ui/fields/Field';
import { Notice } from '@/shared/ui/notices/Notice';
import { Tag } from '@/shared/ui/Tag';
import type { Column } from '@/shared/ui/table/columns';
import { DataTable } from '@/shared/ui/table/DataTable';
import { useConfigActions } from './useConfigActions';
import { useVersions } from './useVersions';

interface Props {
  present: number;
  tag: string;
  readOnly: boolean;
}

const bounds = ({ thresholds: { low, medium, high } }: Configuration) => `${low} · ${medium} · ${high}`;
const least = ({ alert_policy }: Configuration) =>
  `${LEVEL[alert_policy.min_level ?? 'HIGH'].word} and above`;

/** Every version, with who made it when and why, and the way back to one. */
export function Versions({ present, tag, readOnly }: Props) {
  const versions = useVersions();
  const rows = useMemo(() => versions.data?.pages.flatMap((page) => page.items) ?? [], [versions.data]);
  const { rollBack } = useConfigActions(tag);
  const [wanted, setWanted] = useState<Configuration>();
  const columns = useMemo((): readonly Column<Configuration>[] => {
    const back = (row: Configuration) =>
      row.version === present ? (
        <Tag look="good">In force</Tag>
      ) : (
        // One that is newer than what is shown above is about to be in force.
        !readOnly && row.version < present && <Button onClick={() => setWanted(row)}>Return to it…</Button>
      );
    return [
      { id: 'version', header: 'Version', width: 60, cell: (row) => row.version },
      {
        id: 'at',
        header: 'Since',
        zoned: true,
        width: 138,
        cell: (row) => <DateAndTime at={row.changed_at} />,
      },
      { id: 'by', header: 'By', width: 120, grow: 0.6, cell: (row) => row.changed_by },
      { id: 'why', header: 'Why', width: 140, grow: 1, cell: (row) => row.reason },
      { id: 'bounds', header: 'Thresholds', width: 118, from: 760, cell: bounds },
      { id: 'alerts', header: 'Alerts', width: 124, from: 860, cell: least },
      { id: 'back', header: 'In force', width: 104, align: 'right', cell: back },
    ];
  }, [present, readOnly]);
  return (
    <section
      aria-labelledby="versions"
      className="mt-3 flex flex-col rounded-md border border-line bg-panel sm:mt-4"
    >
      <h2 id="versions" className="px-4 pt-3.5 pb-1 font-semibold">
        Versions
      </h2>
      <DataTable
        label="Versions of the configuration, newest first"
        columns={columns}
        rows={rows}
        rowId={(row) => String(row.version)}
        query={versions}
        empty={<Notice title="No version yet" />}
        card={(row) => (
          <span className="block">
            <span className="flex items-center gap-2">
              <span className="font-medium">Version {row.version}</span>
              {row.version === present && <Tag look="good">In force</Tag>}
              <span className="ml-auto text-xs text-faint">
                <DateAndTime at={row.changed_at} />
              </span>
            </span>
            <span className="block text-muted">{row.reason}</span>
            <span className="block text-xs text-faint">
              {row.changed_by} · {bounds(row)}
            </span>
            {row.version !== present && !readOnly && (
              <Button onClick={() => setWanted(row)}>Return to it…</Button>
            )}
          </span>
        )}
        fit
      />
      {wanted && (
        <ConfirmDialog
          title={`Return to version ${wanted.version}?`}
          action="Put in force"
          busy={rollBack.isPending}
          error={rollBack.error}
          onClose={() => setWanted(undefined)}
          onConfirm={(form) =>
            rollBack.mutate(
              { version: wanted.version, reason: String(form.get('reason')).trim() },
              { onSuccess: () => setWanted(undefined) },
            )
          }
        >
          <p className="text-muted">
            Thresholds {bounds(wanted)}, alerts by {least(wanted)}. It becomes a new version, with what it
            said.
          </p>
          <Field name="reason" label="Why?" focused required maxLength={500} />
        </ConfirmDialog>
      )}
    </section>
  );
}
