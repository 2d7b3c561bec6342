import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { AssessmentCard } from '@/shared/risk/assessment/AssessmentCard';
import { ASSESSMENT_COLUMNS } from '@/shared/risk/assessment/assessmentColumns';
import { eventRef } from '@/shared/risk/eventRef';
import {
  type HistoryOrder,
  type HistoryQuery,
  ORDERS,
  toOrder,
  toSort,
  useHistory,
} from '@/shared/risk/useHistory';
import { Notice } from '@/shared/ui/notices/Notice';
import { DataTable } from '@/shared/ui/table/DataTable';
import { useColumnChoice } from '@/shared/ui/table/useColumnChoice';
import { Box } from './Box';
import type { PartyKind } from './words';

interface Props {
  kind: PartyKind;
  id: string;
  selected: string | undefined;
  onSelect: (eventId: string) => void;
}

/** By which parameter of the history its events are found. */
const FILTER = {
  account: 'account_id',
  counterparty: 'counterparty_id',
  device: 'device_id',
  ip: 'ip',
  card: 'card',
  email: 'email',
  email_domain: 'email_domain',
} as const satisfies Record<PartyKind, keyof HistoryQuery>;

/** Its assessments: last scored first, unless a heading is pressed. */
export function PartyHistory({ kind, id, selected, onSelect }: Props) {
  const query: HistoryQuery = { [FILTER[kind]]: id };
  const [order, setOrder] = useState<HistoryOrder>();
  const history = useHistory(query, () => query, order);
  const rows = useMemo(() => history.data?.pages.flatMap((page) => page.items) ?? [], [history.data]);
  const columns = useMemo(() => ASSESSMENT_COLUMNS.filter((column) => column.id !== `${kind}_id`), [kind]);
  const choice = useColumnChoice(kind, columns);
  return (
    <Box
      title="Assessments"
      note={
        (kind === 'account' || kind === 'counterparty') && (
          <Link to="/explore" search={{ [kind]: id }} className="text-accent underline underline-offset-2">
            filter and export
          </Link>
        )
      }
    >
      <DataTable
        label={`Assessments, ${ORDERS[order ?? '-scored_at']}`}
        columns={columns}
        rows={rows}
        rowId={eventRef}
        query={history}
        empty={<Notice title="No assessments" />}
        card={(row) => <AssessmentCard assessment={row} />}
        choice={choice}
        sort={toSort(order)}
        onSort={(next) => setOrder(toOrder(next))}
        selected={selected}
        onSelect={onSelect}
        fit
      />
    </Box>
  );
}
