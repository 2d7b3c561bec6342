import type { Activity } from '@/shared/api/types';
import { KIND_WORDS } from '@/shared/entities/kinds';
import { count, plural } from '@/shared/format/number';
import { PartyLink } from '@/shared/risk/connections/PartyLink';
import { LevelName } from '@/shared/risk/scores/LevelMark';
import { ScoreBar } from '@/shared/risk/scores/ScoreBar';
import { Age } from '@/shared/time/Age';
import { Notice } from '@/shared/ui/notices/Notice';
import type { Column } from '@/shared/ui/table/columns';
import { DataTable } from '@/shared/ui/table/DataTable';
import { Box } from './Box';
import { nameOf, otherOf, type PartyKind } from './words';

type Related = Activity['related'][number];

const columns = (kind: 'account' | 'counterparty'): readonly Column<Related>[] => [
  {
    id: 'id',
    header: nameOf(kind),
    width: 110,
    grow: 1,
    value: (row) => row.id,
    cell: (row) => <PartyLink kind={kind} id={row.id} />,
  },
  {
    id: 'events',
    header: 'Events',
    width: 56,
    align: 'right',
    value: (row) => row.events,
    cell: (row) => count(row.events),
  },
  {
    id: 'top_score',
    header: 'Riskiest',
    width: 96,
    value: (row) => row.top_score,
    cell: (row) => <ScoreBar score={row.top_score} level={row.top_level} />,
  },
  { id: 'top_level', header: 'Level', width: 84, cell: (row) => <LevelName level={row.top_level} /> },
  {
    id: 'last_at',
    header: 'Last',
    width: 56,
    align: 'right',
    value: (row) => row.last_at,
    cell: (row) => <Age at={row.last_at} />,
  },
];
const COLUMNS = { account: columns('account'), counterparty: columns('counterparty') };

/** Whom it met in its newest events. */
export function RelatedParties({ kind, activity }: { kind: PartyKind; activity: Activity }) {
  const other = otherOf(kind);
  const { others } = KIND_WORDS[other];
  return (
    <Box title={others} note={`met most, in its newest ${plural(activity.events, 'event')}`}>
      <DataTable
        label={`${others}, those met most first`}
        columns={COLUMNS[other]}
        rows={activity.related}
        rowId={(row) => row.id}
        empty={<Notice title={`It met no ${other}`}>Its events name none.</Notice>}
        card={(row) => (
          <span className="flex items-center gap-3">
            <PartyLink kind={other} id={row.id} />
            <span className="text-faint">{plural(row.events, 'event')}</span>
            <span className="ml-auto">
              <ScoreBar score={row.top_score} level={row.top_level} />
            </span>
          </span>
        )}
        fit
      />
    </Box>
  );
}
