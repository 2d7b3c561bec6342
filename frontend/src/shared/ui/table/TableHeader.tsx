import { ZoneName } from '@/shared/time/Moment';
import { Icon } from '@/shared/ui/Icon';
import type { Column, Sort } from './columns';

interface Props<Row> {
  columns: readonly Column<Row>[];
  tracks: string;
  sort: Sort | null;
  onSort: (sort: Sort | null) => void;
}

export const HEADER = 32;

/** The headings, in sight however far one scrolls. A press sorts, a second turns the order, a third ends it. */
export function TableHeader<Row>({ columns, tracks, sort, onSort }: Props<Row>) {
  return (
    <div
      role="row"
      aria-rowindex={1}
      className="sticky top-0 z-1 grid items-center gap-x-4 border-b border-line bg-panel px-4 text-xs font-medium text-muted"
      style={{ gridTemplateColumns: tracks, height: HEADER }}
    >
      {columns.map((column) => {
        const order = sort?.id === column.id ? (sort.desc ? 'descending' : 'ascending') : undefined;
        return (
          <span
            key={column.id}
            role="columnheader"
            aria-sort={order}
            className={`truncate ${column.align === 'right' ? 'text-right' : ''}`}
          >
            {column.value ? (
              <button
                type="button"
                onClick={() => onSort(next(column, sort))}
                className={`inline-flex h-6 items-center gap-1 rounded-xs hover:text-strong -outline-offset-2 ${order ? 'text-strong' : ''} ${column.align === 'right' ? 'flex-row-reverse' : ''}`}
              >
                <Heading of={column} />
                <span
                  aria-hidden="true"
                  className={`${order ? '' : 'opacity-0'} ${order === 'descending' ? 'rotate-180' : ''}`}
                >
                  <Icon name="up" size={10} />
                </span>
              </button>
            ) : (
              <Heading of={column} />
            )}
          </span>
        );
      })}
    </div>
  );
}

function Heading<Row>({ of }: { of: Column<Row> }) {
  if (!of.zoned) return of.header;
  return (
    <span>
      {of.header}, <ZoneName />
    </span>
  );
}

function next<Row>({ id, greatestFirst = false }: Column<Row>, sort: Sort | null): Sort | null {
  if (sort?.id !== id) return { id, desc: greatestFirst };
  return sort.desc === greatestFirst ? { id, desc: !greatestFirst } : null;
}
