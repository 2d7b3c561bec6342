import type { Column } from '@tanstack/react-table';
import type { AssessmentSummary } from '@/shared/api/types';
import { ZoneName } from '@/shared/time/Moment';
import type { features } from './list/columns';

interface Props {
  columns: readonly Column<typeof features, AssessmentSummary>[];
  tracks: string;
  height: number;
}

export function LiveHeader({ columns, tracks, height }: Props) {
  return (
    <div
      role="row"
      aria-rowindex={1}
      className="sticky top-0 z-1 grid items-center gap-x-4 border-b border-line bg-panel px-4 text-xs font-medium text-muted"
      style={{ gridTemplateColumns: tracks, height }}
    >
      {columns.map((column) => (
        <span
          key={column.id}
          role="columnheader"
          className={`truncate ${column.id === 'amount' ? 'text-right' : ''}`}
        >
          {String(column.columnDef.header)}
          {column.id === 'scored_at' && (
            <span className="text-faint">
              {' '}
              <ZoneName />
            </span>
          )}
        </span>
      ))}
    </div>
  );
}
