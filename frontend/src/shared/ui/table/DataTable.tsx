import { useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useRowHeight } from '@/shared/preferences/density';
import { useWidth } from '@/shared/ui/useWidth';
import { type Column, definitions, features, layout, type Sort } from './columns';
import { HEADER, TableHeader } from './TableHeader';
import { TableRow } from './TableRow';
import { MoreRows, NoRows, StaleRows, type TableQuery } from './TableState';
import type { ColumnChoice } from './useColumnChoice';
import { useRowKeys } from './useRowKeys';

const NARROW = 560;
const CARD = 64;
/** Rows before the last at which the next page is asked for. */
const AHEAD = 12;

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
  const { label, columns, rows, rowId, query = NO_QUERY, empty, card, choice, selected, fit = false } = props;
  const { onSelect, onOpen, onSort, sort: given = null } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const prefix = useId();
  const width = useWidth(scroller);
  const narrow = width > 0 && width < NARROW;
  const rowHeight = useRowHeight();
  const [own, setOwn] = useState<Sort | null>(null);
  const [walked, setWalked] = useState<string | undefined>();
  const sort = onSort ? given : (own ?? given);

  const defined = useMemo(() => definitions(columns), [columns]);
  const sorting = useMemo(() => (sort ? [sort] : []), [sort]);
  const table = useTable({
    features,
    columns: defined,
    data: rows as Row[],
    getRowId: rowId,
    manualSorting: onSort !== undefined,
    state: { sorting, columnVisibility: {} },
  });
  const model = table.getRowModel().rows;
  const visible = columns.filter(
    ({ id, from = 0 }) => (choice?.shown(id) ?? true) && (width || 1280) >= from,
  );
  const { tracks, minWidth } = layout(visible);

  const height = narrow ? CARD : rowHeight;
  const header = narrow ? 0 : HEADER;
  const virtual = useVirtualizer({
    count: model.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => model[index]?.id ?? index,
    overscan: 8,
    scrollMargin: header,
    scrollPaddingStart: header,
  });
  const items = virtual.getVirtualItems();
  const measured = useRef(height);
  if (measured.current !== height) {
    measured.current = height;
    virtual.measure();
  }

  const last = items.at(-1)?.index ?? -1;
  const { hasNextPage = false, isFetchingNextPage = false, fetchNextPage } = query;
  const wanted = hasNextPage && !isFetchingNextPage && !query.error && last >= model.length - AHEAD;
  useEffect(() => {
    if (wanted) void fetchNextPage?.();
  }, [wanted, fetchNextPage]);

  const active = selected ?? walked;
  const present = active === undefined ? -1 : model.findIndex((row) => row.id === active);
  const picks = onSelect !== undefined || onOpen !== undefined;
  const pick = (row: Row) => {
    setWalked(rowId(row));
    onSelect?.(rowId(row));
    onOpen?.(row);
  };
  const onKeyDown = useRowKeys({
    count: model.length,
    present,
    page: Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / height) - 1),
    onMove: (index) => {
      const row = model[index];
      if (!row || !picks) return;
      virtual.scrollToIndex(index);
      setWalked(row.id);
      onSelect?.(row.id);
    },
    onEnter: () => {
      const row = model[present];
      if (row) pick(row.original);
    },
  });

  const none = rows.length === 0;
  const semantics = {
    role: picks ? 'grid' : 'table',
    'aria-label': label,
    'aria-rowcount': hasNextPage ? -1 : model.length + 1,
    'aria-activedescendant':
      picks && items.some((item) => item.key === active) ? `${prefix}-${active}` : undefined,
    onKeyDown,
  };
  return (
    <>
      {!none && Boolean(query.error) && <StaleRows query={query} />}
      <div
        ref={scroller}
        className={`relative min-h-0 overflow-auto ${fit ? '' : 'flex-1'}`}
        style={fit ? { maxHeight: HEADER + 24 * height } : undefined}
      >
        {none ? (
          <NoRows query={query} empty={empty} />
        ) : (
          <div
            {...semantics}
            tabIndex={0}
            className="-outline-offset-2"
            style={narrow ? undefined : { minWidth }}
          >
            {!narrow && (
              <div role="rowgroup">
                <TableHeader columns={visible} tracks={tracks} sort={sort} onSort={onSort ?? setOwn} />
              </div>
            )}
            <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
              {items.map((item) => {
                const row = model[item.index];
                return (
                  row && (
                    <TableRow
                      key={item.key}
                      row={row.original}
                      id={row.id}
                      domId={`${prefix}-${row.id}`}
                      columns={visible}
                      card={narrow ? card : null}
                      tracks={tracks}
                      index={item.index}
                      top={item.start - header}
                      height={height}
                      active={row.id === active}
                      picks={picks}
                      measure={virtual.measureElement}
                      onPick={pick}
                    />
                  )
                );
              })}
            </div>
          </div>
        )}
        {!none && <MoreRows query={query} />}
      </div>
    </>
  );
}
