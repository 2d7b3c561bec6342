import { lazy, Suspense, useEffect, useState } from 'react';
import type { Sort } from './columns';
import type { DataTableProps } from './props';
import { NoRows, type TableQuery, Waiting } from './TableState';

/** With the libraries that sort and scroll: on its way while the first rows are. */
const load = () => import('./TableRows');
const TableRows = lazy(load) as unknown as Awaited<ReturnType<typeof load>>['default'];

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
