import type { AuditRecord } from '@/shared/api/types';
import { count } from '@/shared/format/number';
import { DateAndTime } from '@/shared/time/Moment';
import { Tag } from '@/shared/ui/Tag';
import type { Column } from '@/shared/ui/table/columns';
import { inWords, OUTCOME_LOOK, OUTCOME_WORD } from './words';

export function Outcome({ of: record }: { of: AuditRecord }) {
  return <Tag look={OUTCOME_LOOK[record.outcome]}>{OUTCOME_WORD[record.outcome]}</Tag>;
}

/** The columns of the log; `nameOf` says who an actor is. */
export const auditColumns = (nameOf: (actor: string) => string): readonly Column<AuditRecord>[] => [
  {
    id: 'seq',
    header: 'Record',
    width: 64,
    align: 'right',
    fixed: true,
    cell: (row) => <span className="text-faint">{count(row.seq)}</span>,
  },
  { id: 'at', header: 'At', zoned: true, width: 138, cell: (row) => <DateAndTime at={row.at} /> },
  {
    id: 'actor',
    header: 'Who',
    width: 130,
    grow: 0.8,
    cell: (row) => <span title={row.actor}>{nameOf(row.actor)}</span>,
  },
  {
    id: 'action',
    header: 'What',
    width: 140,
    grow: 0.8,
    cell: (row) => <span title={row.action}>{inWords(row.action)}</span>,
  },
  {
    id: 'subject',
    header: 'On what',
    width: 140,
    grow: 1.2,
    cell: (row) => (
      <span className="text-muted" title={row.subject}>
        {row.subject}
      </span>
    ),
  },
  { id: 'outcome', header: 'Outcome', width: 72, cell: (row) => <Outcome of={row} /> },
  {
    id: 'request',
    header: 'Request',
    width: 150,
    extra: true,
    cell: (row) => <span className="font-mono text-xs">{row.request_id ?? '–'}</span>,
  },
  {
    id: 'leaf',
    header: 'Hash in the tree',
    width: 190,
    extra: true,
    cell: (row) => <span className="font-mono text-xs">{row.leaf_hash}</span>,
  },
];
