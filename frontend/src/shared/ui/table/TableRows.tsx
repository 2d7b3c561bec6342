import { useTable } from '@tanstack/react-table';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { useRowHeight } from '@/shared/preferences/density';
import { useWidth } from '@/shared/ui/useWidth';
import { definitions, features, layout, type Sort } from './columns';
import type { DataTableProps } from './props';
import { HEADER, TableHeader } from './TableHeader';
import { TableRow } from './TableRow';
import { MoreRows, StaleRows, type TableQuery } from './TableState';
import { useRowKeys } from './useRowKeys';
import { useVirtualRows } from './useVirtualRows';

const NARROW = 560;
const CARD = 64;
/** Rows before the last at which the next page is asked for. */
const AHEAD = 12;

interface Props<Row> extends Omit<DataTableProps<Row>, 'empty'> {
  query: TableQuery;
  sort: Sort | null;
  onSort: (sort: Sort | null) => void;
  /** The rows are sorted already. */
  sorted: boolean;
}

/** The rows of a `DataTable`, of which there are some. */
export default function TableRows<Row extends object>(props: Props<Row>) {
  const { label, columns, rows, rowId, query, card, choice, selected, fit = false } = props;
  const { onSelect, onOpen, sort, onSort, sorted } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const prefix = useId();
  const width = useWidth(scroller);
  const narrow = width > 0 && width < NARROW;
  const rowHeight = useRowHeight();
  const [walked, setWalked] = useState<string | undefined>();

  const defined = useMemo(() => definitions(columns), [columns]);
  const sorting = useMemo(() => (sort ? [sort] : []), [sort]);
  const table = useTable({
    features,
    columns: defined,
    data: rows as Row[],
    getRowId: rowId,
    manualSorting: sorted,
    state: { sorting, columnVisibility: {} },
  });
  const model = table.getRowModel().rows;
  const visible = columns.filter(
    ({ id, from = 0 }) => (choice?.shown(id) ?? true) && (width || 1280) >= from,
  );
  const { tracks, minWidth } = layout(visible);

  const height = narrow ? CARD : rowHeight;
  const header = narrow ? 0 : HEADER;
  const virtual = useVirtualRows({
    count: model.length,
    scroller,
    height,
    keyOf: (index) => model[index]?.id,
    scrollMargin: header,
    scrollPaddingStart: header,
  });
  const items = virtual.getVirtualItems();

  const last = items.at(-1)?.index ?? -1;
  const { hasNextPage = false, isFetchingNextPage = false, fetchNextPage } = query;
  const wanted = hasNextPage && !isFetchingNextPage && !query.error && last >= model.length - AHEAD;
  useEffect(() => {
    if (wanted) void fetchNextPage?.();
  }, [wanted, fetchNextPage]);

  // Another order begins at its beginning.
  const ordered = `${sort?.id} ${sort?.desc}`;
  const orderSeen = useRef(ordered);
  useEffect(() => {
    if (orderSeen.current === ordered) return;
    orderSeen.current = ordered;
    if (scroller.current) scroller.current.scrollTop = 0;
  }, [ordered]);

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
      {Boolean(query.error) && <StaleRows query={query} />}
      <div
        ref={scroller}
        className={`relative min-h-0 overflow-auto ${fit ? '' : 'flex-1'}`}
        style={fit ? { maxHeight: HEADER + 24 * height } : undefined}
      >
        <div
          {...semantics}
          tabIndex={0}
          className="-outline-offset-2"
          style={narrow ? undefined : { minWidth }}
        >
          {!narrow && (
            <div role="rowgroup">
              <TableHeader columns={visible} tracks={tracks} sort={sort} onSort={onSort} />
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
        <MoreRows query={query} />
      </div>
    </>
  );
}
