import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import type { Column, Sort } from './columns';
import { NoRows, type TableQuery, Waiting } from './TableState';
import type { ColumnChoice } from './useColumnChoice';

/** With the libraries that sort and scroll: on its way while the first rows are. */
const load = () => import('./TableRows');
const TableRows = lazy(load) as unknown as Awaited<ReturnType<typeof load>>['default'];

export interface DataTableProps<Row> {
  /** What it lists, for screen readers: `Users, by address`. */
  label: string;
  /** The same array each time. */
  columns: readonly Column<Row>[];
  /** Keep the array while it says the same: it is sorted anew whenever it is another. */
  rows: readonly Row[];
  rowId: (row: Row) => string;
  /** Where the rows come from; for pages, an infinite query. Left out when they are simply there. */
  query?: TableQuery | undefined;
  /** Instead of rows when there are none: usually a `Notice`. */
  empty: ReactNode;
  /** A row on a phone. */
  card: (row: Row) => ReactNode;
  choice?: ColumnChoice | undefined;
  /** The row that is shown elsewhere, in a panel. The arrow keys select. */
  selected?: string | undefined;
  onSelect?: ((id: string) => void) | undefined;
  /** Enter and a press open a row. */
  onOpen?: ((row: Row) => void) | undefined;
  /** The order when the user has chosen none; ends a user's choice, too. */
  sort?: Sort | null | undefined;
  /** The rows are sorted by whoever gives them. */
  onSort?: ((sort: Sort | null) => void) | undefined;
  /** As high as its rows, up to 24 rows; else as high as there is room. */
  fit?: boolean;
}

const NO_QUERY: TableQuery = { isPending: false, error: null, refetch: () => undefined, dataUpdatedAt: 0 };

/**
 * A list with columns, of which only the rows in sight exist in the page: sorted, chosen from, walked with the keys,
 * a page after the other, as cards where it is narrow. A row of another height than usual is measured.
 */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { rows, query = NO_QUERY, empty, fit = false, onSort, sort: given = null } = props;
  const [own, setOwn] = useState<Sort | null>(null);
  useEffect(() => {
    // Not fetched now, it is asked for again once there are rows.
    load().catch(() => undefined);
  }, []);
  const frame = `min-h-0 overflow-auto ${fit ? '' : 'flex-1'}`;
  if (rows.length === 0) {
    return (
      <div className={frame}>
        <NoRows query={query} empty={empty} />
      </div>
    );
  }
  return (
    <Suspense
      fallback={
        <div className={frame}>
          <Waiting />
        </div>
      }
    >
      <TableRows
        {...props}
        query={query}
        sort={onSort ? given : (own ?? given)}
        onSort={onSort ?? setOwn}
        sorted={onSort !== undefined}
      />
    </Suspense>
  );
}
