import Button from '@mui/material/Button';
import type { StoredEntry } from '@/shared/api/types';
import { Age } from '@/shared/time/Age';
import type { Column } from '@/shared/ui/table/columns';
import { Expiry } from './Expiry';

/** The columns of entries; with a way to take one off for those who may. */
export function entryColumns(
  onRemove: ((entry: StoredEntry) => void) | undefined,
): readonly Column<StoredEntry>[] {
  const columns: Column<StoredEntry>[] = [
    {
      id: 'value',
      header: 'Entry',
      width: 150,
      grow: 2,
      cell: ({ value }) => (
        <span className="font-mono text-xs font-medium" title={value}>
          {value}
        </span>
      ),
    },
    {
      id: 'expires',
      header: 'Expires',
      zoned: true,
      width: 185,
      cell: ({ expires_at }) => <Expiry at={expires_at} />,
    },
    {
      id: 'reason',
      header: 'Why',
      width: 120,
      grow: 2,
      cell: ({ reason }) => (
        <span className="text-muted" title={reason}>
          {reason}
        </span>
      ),
    },
    {
      id: 'by',
      header: 'By',
      width: 130,
      grow: 1,
      cell: ({ added_by }) => <span className="text-muted">{added_by}</span>,
    },
    {
      id: 'added',
      header: 'Added',
      width: 70,
      align: 'right',
      cell: ({ added_at }) => <Age at={added_at} />,
    },
  ];
  if (!onRemove) return columns;
  return [
    ...columns,
    {
      id: 'remove',
      header: 'Action',
      width: 84,
      align: 'right',
      cell: (entry) => (
        <Button color="inherit" onClick={() => onRemove(entry)}>
          Take off<span className="sr-only"> {entry.value}</span>
        </Button>
      ),
    },
  ];
}
