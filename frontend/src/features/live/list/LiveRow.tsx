import { type Cell, FlexRender } from '@tanstack/react-table';
import { memo, useState } from 'react';
import type { AssessmentSummary } from '@/shared/api/types';
import { eventRef } from '@/shared/risk/eventRef';
import type { features } from './columns';
import { NarrowRow } from './NarrowRow';

interface Props {
  assessment: AssessmentSummary;
  /** Null when there is no room for columns. */
  cells: readonly Cell<typeof features, AssessmentSummary>[] | null;
  tracks: string;
  index: number;
  top: number;
  height: number;
  selected: boolean;
  arriving: boolean;
  onSelect: (eventId: string) => void;
}

/** One assessment in the list. What is high or critical shows for a moment that it is new. */
export const LiveRow = memo(function LiveRow(props: Props) {
  const { assessment, cells, tracks, index, top, height, selected, arriving, onSelect } = props;
  const [lit] = useState(arriving && (assessment.level === 'HIGH' || assessment.level === 'CRITICAL'));
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it takes the keys
    <div
      id={`row-${encodeURIComponent(eventRef(assessment))}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-event-id={assessment.event_id}
      onClick={() => onSelect(eventRef(assessment))}
      className={`absolute inset-x-0 cursor-pointer items-center gap-x-4 border-b border-line px-4 hover:bg-hover aria-selected:bg-selected aria-selected:shadow-[inset_2px_0_0] aria-selected:shadow-accent ${lit ? 'animate-arrive' : ''} ${cells ? 'grid' : 'flex'}`}
      style={{ transform: `translateY(${top}px)`, height, gridTemplateColumns: tracks }}
    >
      {cells ? (
        cells.map((cell) => (
          <span
            key={cell.id}
            role="gridcell"
            className={`truncate ${cell.column.id === 'amount' ? 'text-right' : ''} ${cell.column.id === 'reason' ? 'text-muted' : ''}`}
          >
            <FlexRender cell={cell} />
          </span>
        ))
      ) : (
        <NarrowRow assessment={assessment} />
      )}
    </div>
  );
});
