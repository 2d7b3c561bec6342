import type { DeadLetter } from '@/shared/api/types';
import { count } from '@/shared/format/number';
import { DateAndTime } from '@/shared/time/Moment';
import { Tag } from '@/shared/ui/Tag';
import type { Column } from '@/shared/ui/table/columns';
import { stateOf } from './search';

const LOOK = { open: 'bad', replayed: 'good', dismissed: 'plain' } as const;

export function LetterState({ of: letter }: { of: DeadLetter }) {
  const state = stateOf(letter);
  return <Tag look={LOOK[state]}>{state}</Tag>;
}

export const COLUMNS: readonly Column<DeadLetter>[] = [
  {
    id: 'number',
    header: 'Number',
    width: 64,
    align: 'right',
    fixed: true,
    cell: (row) => <span className="text-faint">{count(row.number)}</span>,
  },
  {
    id: 'received',
    header: 'Received',
    zoned: true,
    width: 138,
    cell: (row) => <DateAndTime at={row.received_at} />,
  },
  { id: 'reason', header: 'Reason', width: 90, cell: (row) => row.reason },
  {
    id: 'field',
    header: 'Field',
    width: 110,
    cell: (row) => row.field ?? <span className="text-faint">–</span>,
  },
  {
    id: 'detail',
    header: 'What is wrong',
    width: 200,
    grow: 1.5,
    cell: (row) => (
      <span className="text-muted" title={row.detail}>
        {row.detail}
      </span>
    ),
  },
  { id: 'state', header: 'State', width: 84, cell: (row) => <LetterState of={row} /> },
  {
    id: 'source',
    header: 'Came by',
    width: 150,
    extra: true,
    cell: (row) => <span className="font-mono text-xs">{row.source}</span>,
  },
];
