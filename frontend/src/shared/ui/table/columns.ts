import {
  type ColumnDef,
  columnVisibilityFeature,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
} from '@tanstack/react-table';
import type { ReactNode } from 'react';

/** One column of a `DataTable`. */
export interface Column<Row> {
  id: string;
  header: string;
  /** Its cells are times: the heading names their zone. */
  zoned?: boolean;
  cell: (row: Row) => ReactNode;
  /** Least width in pixels; the whole width unless it grows. */
  width: number;
  /** Its share of the room that is left over. */
  grow?: number;
  align?: 'right';
  /** What it is sorted by. Without it, it cannot be sorted. */
  value?: (row: Row) => string | number | null | undefined;
  /** The first press sorts it downwards: what is greatest matters most. */
  greatestFirst?: boolean;
  /** Left out where the table is narrower than this, in pixels. */
  from?: number;
  /** Left out until the user chooses it. */
  extra?: boolean;
  /** Cannot be left out by the user. */
  fixed?: boolean;
}

export interface Sort {
  id: string;
  desc: boolean;
}

const text = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

export const features = tableFeatures({
  columnVisibilityFeature,
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
});

const GAP = 16;

/** The columns as TanStack Table takes them; what is empty is last, whichever way it is sorted. */
export function definitions<Row extends object>(
  columns: readonly Column<Row>[],
): ColumnDef<typeof features, Row>[] {
  return columns.map((column) => ({
    id: column.id,
    header: column.header,
    accessorFn: (row: Row) => column.value?.(row) ?? undefined,
    enableSorting: column.value !== undefined,
    sortUndefined: 'last',
    sortFn: (a, b, id) => compare(a.getValue(id), b.getValue(id)),
  }));
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return text.compare(String(a), String(b));
}

/** The grid of one row: its tracks, and the least width in pixels that all of them fit in. */
export function layout<Row>(columns: readonly Column<Row>[]): { tracks: string; minWidth: number } {
  const tracks = columns.map(({ width, grow }) => (grow ? `minmax(${width}px, ${grow}fr)` : `${width}px`));
  // With no column that grows, the last takes what is left: rows reach the right edge.
  if (columns.length > 0 && !columns.some((column) => column.grow)) {
    tracks[tracks.length - 1] = `minmax(${columns.at(-1)?.width}px, 1fr)`;
  }
  const minWidth = columns.reduce((sum, { width }) => sum + width + GAP, GAP);
  return { tracks: tracks.join(' '), minWidth };
}
