import type { DefinitionStatus, DefinitionSummary } from '@/shared/api/types';
import { Tag } from '@/shared/ui/Tag';
import type { Column } from '@/shared/ui/table/columns';
import { inWords } from './definition';

const LOOK = { draft: 'plain', backfilled: 'warn', live: 'good', archived: 'plain' } as const;

export const StatusTag = ({ status }: { status: DefinitionStatus }) => (
  <Tag look={LOOK[status]}>{status}</Tag>
);

export const DEFINITION_COLUMNS: readonly Column<DefinitionSummary>[] = [
  {
    id: 'name',
    header: 'Feature',
    width: 180,
    grow: 1,
    value: (d) => d.name,
    cell: (d) => <span className="font-mono text-xs">features.{d.name}</span>,
  },
  { id: 'status', header: 'State', width: 88, cell: (d) => <StatusTag status={d.status} /> },
  { id: 'what', header: 'Computes', width: 200, grow: 1.4, from: 620, cell: (d) => inWords(d.latest) },
  { id: 'version', header: 'Version', width: 64, from: 760, cell: (d) => d.latest.version },
  { id: 'by', header: 'By', width: 140, from: 900, cell: (d) => d.latest.created_by },
];
