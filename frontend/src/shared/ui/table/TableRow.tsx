import type { ReactNode } from 'react';
import type { Column } from './columns';

interface Props<Row> {
  row: Row;
  id: string;
  domId: string;
  columns: readonly Column<Row>[];
  /** Drawn instead of the columns, where there is no room for them. */
  card: ((row: Row) => ReactNode) | null;
  tracks: string;
  index: number;
  top: number;
  height: number;
  active: boolean;
  /** The role of a cell, and whether a row can be picked. */
  picks: boolean;
  measure: (element: Element | null) => void;
  onPick: (row: Row) => void;
}

/** One row of a `DataTable`: a line of columns, or a card. */
export function TableRow<Row>(props: Props<Row>) {
  const { row, id, domId, columns, card, tracks, index, top, height, active, picks, measure, onPick } = props;
  const role = picks ? 'gridcell' : 'cell';
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it takes the keys
    <div
      id={domId}
      ref={measure}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={picks ? active : undefined}
      data-index={index}
      data-row={id}
      onClick={picks ? () => onPick(row) : undefined}
      className={`absolute inset-x-0 border-b border-line px-4 aria-selected:bg-selected aria-selected:shadow-[inset_2px_0_0] aria-selected:shadow-accent ${picks ? 'cursor-pointer hover:bg-hover' : ''} ${card ? 'py-2.5' : 'grid items-center gap-x-4'}`}
      style={{ transform: `translateY(${top}px)`, minHeight: height, gridTemplateColumns: tracks }}
    >
      {card ? (
        <div role={role} className="min-w-0">
          {card(row)}
        </div>
      ) : (
        columns.map((column) => (
          <div
            key={column.id}
            role={role}
            data-column={column.id}
            className={`truncate tabular-nums ${column.align === 'right' ? 'text-right' : ''}`}
          >
            {column.cell(row)}
          </div>
        ))
      )}
    </div>
  );
}
