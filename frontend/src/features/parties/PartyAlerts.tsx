import { Link } from '@tanstack/react-router';
import type { Alert } from '@/shared/api/types';
import { count } from '@/shared/format/number';
import { LevelName } from '@/shared/risk/scores/LevelMark';
import { Age } from '@/shared/time/Age';
import { Notice } from '@/shared/ui/notices/Notice';
import type { Column } from '@/shared/ui/table/columns';
import { DataTable } from '@/shared/ui/table/DataTable';
import { Box } from './Box';
import { usePartyAlerts } from './usePartyAlerts';
import type { PartyKind } from './words';

const reason = (row: Alert) => (
  <Link
    to="/alerts"
    search={{ status: 'all', account: row.account_id, alert: row.id }}
    className="rounded-xs underline-offset-2 hover:text-accent hover:underline"
  >
    {row.reason_text}
  </Link>
);

const COLUMNS: readonly Column<Alert>[] = [
  { id: 'level', header: 'Level', width: 84, cell: (row) => <LevelName level={row.level} /> },
  { id: 'reason', header: 'Reason', width: 140, grow: 1, cell: reason },
  {
    id: 'events',
    header: 'Events',
    width: 60,
    align: 'right',
    value: (row) => row.event_count,
    cell: (row) => count(row.event_count),
  },
  { id: 'status', header: 'Status', width: 96, value: (row) => row.status, cell: (row) => row.status },
  {
    id: 'opened',
    header: 'Opened',
    width: 72,
    align: 'right',
    value: (row) => row.opened_at,
    cell: (row) => <Age at={row.opened_at} />,
  },
];

/** The alerts opened last on it; each leads to the desk. */
export function PartyAlerts({ kind, id }: { kind: PartyKind; id: string }) {
  const alerts = usePartyAlerts(kind, id);
  return (
    <Box title="Alerts" note={alerts.data?.more ? `the newest ${alerts.data.items.length}` : undefined}>
      <DataTable
        label="Alerts, newest first"
        columns={COLUMNS}
        rows={alerts.data?.items ?? NO_ALERTS}
        rowId={(row) => row.id}
        query={alerts}
        empty={<Notice title="No alerts">Nothing it did was risky enough to raise one.</Notice>}
        card={(row) => (
          <span className="block">
            <span className="flex gap-3">
              <LevelName level={row.level} /> <span className="text-faint">{row.status}</span>
              <span className="ml-auto text-faint">
                <Age at={row.opened_at} suffix=" ago" />
              </span>
            </span>
            {reason(row)}
          </span>
        )}
        fit
      />
    </Box>
  );
}

const NO_ALERTS: Alert[] = [];
