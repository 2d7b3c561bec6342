import { useTable } from '@tanstack/react-table';
import { type KeyboardEvent, useEffect, useMemo } from 'react';
import type { AssessmentSummary } from '@/shared/api/types';
import { useRowHeight } from '@/shared/preferences/density';
import { eventRef } from '@/shared/risk/eventRef';
import { useVirtualRows } from '@/shared/ui/table/useVirtualRows';
import { useWidth } from '@/shared/ui/useWidth';
import { LiveHeader } from '../LiveHeader';
import { useSelection } from '../useSelection';
import { columns, features, TRACK, visibleAt } from './columns';
import { LiveRow } from './LiveRow';
import type { useHold } from './useHold';

const NARROW = 560;
const NARROW_ROW = 54;
const HEADER = 32;
const NO_ROWS: AssessmentSummary[] = [];

interface Props {
  rows: readonly AssessmentSummary[];
  selected: string | undefined;
  onSelect: (eventId: string | undefined) => void;
  hold: ReturnType<typeof useHold>;
  scroller: React.RefObject<HTMLDivElement | null>;
  /** Rows that arrive are shown as such. */
  moving: boolean;
}

/** The rows, of which only those in sight exist in the page. */
export default function LiveTable({ rows, selected, onSelect, hold, scroller, moving }: Props) {
  const width = useWidth(scroller);
  const narrow = width > 0 && width < NARROW;
  const wideHeight = useRowHeight();
  const columnVisibility = useMemo(() => visibleAt(width || 1200), [width]);
  const table = useTable({
    features,
    columns,
    data: narrow ? NO_ROWS : (rows as AssessmentSummary[]),
    getRowId: eventRef,
    state: { columnVisibility },
  });
  useEffect(() => hold.release, [hold.release]);
  const model = table.getRowModel().rows;
  const tracks = table
    .getVisibleLeafColumns()
    .map((column) => TRACK[column.id])
    .join(' ');

  const height = narrow ? NARROW_ROW : wideHeight;
  const header = narrow ? 0 : HEADER;
  const virtual = useVirtualRows({
    count: rows.length,
    scroller,
    height,
    keyOf: (index) => rows[index] && eventRef(rows[index]),
    paddingStart: header,
    scrollPaddingStart: header,
  });
  const items = virtual.getVirtualItems();

  const move = useSelection({
    rows,
    selected,
    onSelect,
    reveal: (index) => virtual.scrollToIndex(index),
    page: Math.floor((scroller.current?.clientHeight ?? 400) / height) - 1,
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (move(event.key)) event.preventDefault();
  };

  return (
    <div
      ref={scroller}
      role="grid"
      aria-label="Live assessments, newest first"
      aria-rowcount={rows.length + 1}
      aria-activedescendant={
        items.some((item) => item.key === selected) ? `row-${encodeURIComponent(selected ?? '')}` : undefined
      }
      tabIndex={0}
      onKeyDown={onKeyDown}
      {...hold.handlers}
      className="relative min-h-0 flex-1 overflow-y-auto overflow-x-hidden -outline-offset-2"
    >
      {!narrow && <LiveHeader columns={table.getVisibleLeafColumns()} tracks={tracks} height={HEADER} />}
      <div role="rowgroup" className="absolute inset-x-0 top-0" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const assessment = rows[item.index];
          if (!assessment) return null;
          return (
            <LiveRow
              key={item.key}
              assessment={assessment}
              cells={narrow ? null : (model[item.index]?.getVisibleCells() ?? null)}
              tracks={tracks}
              index={item.index}
              top={item.start}
              height={height}
              selected={eventRef(assessment) === selected}
              arriving={moving}
              onSelect={onSelect}
            />
          );
        })}
      </div>
    </div>
  );
}
