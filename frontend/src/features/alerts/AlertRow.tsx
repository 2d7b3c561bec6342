import { memo } from 'react';
import type { Alert } from '@/shared/api/types';
import { count, plural, score } from '@/shared/format/number';
import { LevelName } from '@/shared/risk/LevelMark';
import { Age } from '@/shared/time/Age';
import { StatusName } from './StatusName';
import type { AlertAction } from './useAlertAction';

export const TRACKS =
  'grid-cols-[5.75rem_minmax(6rem,0.7fr)_minmax(10rem,2.4fr)_3.5rem_3.5rem_4rem_8.5rem] gap-x-4';

interface Props {
  alert: Alert;
  index: number;
  selected: boolean;
  pending: AlertAction['to'] | undefined;
  onSelect: (id: string) => void;
}

/** One alert: a line of columns, or two lines where there is no room for columns. */
export const AlertRow = memo(function AlertRow({ alert, index, selected, pending, onSelect }: Props) {
  const done = alert.status === 'resolved';
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it takes the keys
    <div
      id={`alert-${alert.id}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-alert-id={alert.id}
      data-status={alert.status}
      onClick={() => onSelect(alert.id)}
      className={`cursor-pointer border-b border-line px-4 hover:bg-hover aria-selected:bg-selected aria-selected:shadow-[inset_2px_0_0] aria-selected:shadow-accent @3xl:grid @3xl:h-(--row) @3xl:items-center @max-3xl:flex @max-3xl:flex-wrap @max-3xl:gap-x-2.5 @max-3xl:py-2 ${TRACKS}`}
    >
      <Cell>
        <LevelName level={alert.level} />
      </Cell>
      <Cell className="@max-3xl:font-medium">{alert.account_id}</Cell>
      <Cell className={`@max-3xl:order-1 @max-3xl:w-full ${done ? 'text-faint' : 'text-muted'}`}>
        {alert.reason_text}
      </Cell>
      <Cell className="tabular-nums @3xl:text-right">
        <span className="@3xl:hidden">{plural(alert.event_count, 'event')}</span>
        <span className="@max-3xl:hidden">{count(alert.event_count)}</span>
      </Cell>
      <Cell className="tabular-nums @max-3xl:hidden @3xl:text-right">{score(alert.top_score)}</Cell>
      <Cell className="text-faint @3xl:text-right @max-3xl:ml-auto">
        <Age at={alert.opened_at} />
      </Cell>
      <Cell>
        <StatusName alert={alert} pending={pending} />
      </Cell>
    </div>
  );
});

function Cell({ className = '', children }: { className?: string; children: React.ReactNode }) {
  return (
    <span role="gridcell" className={`truncate ${className}`}>
      {children}
    </span>
  );
}
