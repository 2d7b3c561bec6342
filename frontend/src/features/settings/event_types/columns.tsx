import type { EventTypeEntry } from '@/shared/api/types';
import { Tag } from '@/shared/ui/Tag';
import type { Column } from '@/shared/ui/table/columns';

export const FLOWS = { outgoing: 'Outgoing money', incoming: 'Incoming money', none: 'Not counted' } as const;

export const EVENT_TYPE_COLUMNS: readonly Column<EventTypeEntry>[] = [
  {
    id: 'name',
    header: 'Type',
    width: 150,
    grow: 1,
    value: (t) => t.name,
    cell: (t) => <span className="font-mono text-xs">{t.name}</span>,
  },
  { id: 'family', header: 'Family', width: 80, value: (t) => t.family, cell: (t) => t.family },
  { id: 'noun', header: 'Noun', width: 120, grow: 1, from: 560, cell: (t) => t.noun },
  { id: 'amounts', header: 'Amounts', width: 120, from: 640, cell: (t) => FLOWS[t.amounts ?? 'none'] },
  {
    id: 'required',
    header: 'Required fields',
    width: 140,
    grow: 1,
    from: 820,
    cell: (t) => <span className="font-mono text-xs">{t.required?.join(', ')}</span>,
  },
  {
    id: 'origin',
    header: 'Origin',
    width: 84,
    cell: (t) => (t.shipped ? <span className="text-faint">Shipped</span> : <Tag look="good">Yours</Tag>),
  },
];
