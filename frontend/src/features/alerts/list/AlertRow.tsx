import { memo } from 'react';
import type { Alert } from '@/shared/api/types';
import { moneyText } from '@/shared/format/money';
import { plural, score } from '@/shared/format/number';
import { Amount } from '@/shared/risk/amounts/Amount';
import { DecisionTag } from '@/shared/risk/decisions/DecisionTag';
import { LevelName } from '@/shared/risk/scores/LevelMark';
import { Age } from '@/shared/time/Age';
import type { Action } from '../actions/actions';
import { alertName, campaignWords, person } from '../words';
import { DueTime } from './DueTime';
import { StatusName } from './StatusName';
import { Tick } from './Tick';

export const TRACKS = [
  'gap-x-3 grid-cols-[1rem_5rem_minmax(7rem,0.7fr)_minmax(7rem,2fr)_6.5rem_6rem_6.5rem]',
  '@4xl:grid-cols-[1rem_5rem_5.25rem_minmax(7rem,0.7fr)_minmax(7rem,2fr)_6.5rem_2.5rem_3.25rem_6rem_6.5rem]',
  '@5xl:grid-cols-[1rem_5rem_5.25rem_minmax(7rem,0.7fr)_minmax(7rem,2fr)_6.5rem_minmax(5.5rem,0.6fr)_3.75rem_2.5rem_3.25rem_6rem_6.5rem]',
  '@6xl:grid-cols-[1rem_5rem_5.25rem_minmax(7rem,0.7fr)_minmax(7rem,2fr)_6.5rem_minmax(5.5rem,0.6fr)_3.75rem_2.5rem_3.25rem_6rem_4.5rem_6.5rem]',
].join(' ');

interface Props {
  alert: Alert;
  me: string | null;
  index: number;
  selected: boolean;
  pending: Action['kind'] | undefined;
  ticked: boolean;
  onTick: ((id: string) => void) | undefined;
  onSelect: (id: string) => void;
}

/** One alert: a line of columns, or two lines where there is no room for columns. */
export const AlertRow = memo(function AlertRow({
  alert,
  me,
  index,
  selected,
  pending,
  ticked,
  onTick,
  onSelect,
}: Props) {
  const dim = alert.status === 'resolved' ? 'text-faint' : 'text-muted';
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
      className={`cursor-pointer border-b border-line px-4 hover:bg-hover aria-selected:bg-selected aria-selected:shadow-[inset_2px_0_0] aria-selected:shadow-accent @3xl:grid @3xl:h-(--row) @3xl:items-center @max-3xl:flex @max-3xl:flex-wrap @max-3xl:items-center @max-3xl:gap-x-2 @max-3xl:gap-y-0.5 @max-3xl:py-2 ${TRACKS}`}
    >
      <span role="gridcell" className="flex">
        {onTick && (
          <Tick label={`Tick ${alertName(alert)}`} checked={ticked} onToggle={() => onTick(alert.id)} />
        )}
      </span>
      <Cell>
        <LevelName level={alert.level} />
      </Cell>
      <Cell className="hidden @4xl:block">
        <DecisionTag action={alert.decision} />
      </Cell>
      <Cell className="font-medium @max-3xl:max-w-28" title={alertName(alert)}>
        {alertName(alert)}
      </Cell>
      <Cell className={`@max-3xl:order-1 @max-3xl:w-full ${dim}`} title={alert.reason_text}>
        {alert.account_count > 1 && <span className="font-medium">{campaignWords(alert)}: </span>}
        {alert.reason_text}
        {alert.event_count > 1 && <span className="text-faint"> · {plural(alert.event_count, 'event')}</span>}
      </Cell>
      <Cell
        className="@3xl:text-right"
        title={alert.amount == null ? undefined : moneyText(alert.amount, alert.currency)}
      >
        <Amount amount={alert.amount} currency={alert.currency} />
      </Cell>
      <Cell className="hidden text-muted @5xl:block" title={alert.counterparty_id ?? undefined}>
        {alert.counterparty_id ?? <span className="text-faint">–</span>}
      </Cell>
      <Cell className="text-muted @3xl:hidden @5xl:block">
        {alert.country ?? <span className="text-faint @max-3xl:hidden">–</span>}
      </Cell>
      <Cell className="hidden text-right tabular-nums @4xl:block">{score(alert.top_score)}</Cell>
      <Cell className="hidden text-right text-faint @4xl:block">
        <Age at={alert.opened_at} />
      </Cell>
      <Cell className="@max-3xl:ml-auto">
        <DueTime alert={alert} />
      </Cell>
      <Cell className="hidden text-muted @6xl:block" title={alert.assignee ?? undefined}>
        {alert.assignee ? person(alert.assignee, me) : <span className="text-faint">unassigned</span>}
      </Cell>
      <Cell>
        <StatusName alert={alert} pending={pending} />
      </Cell>
    </div>
  );
});

interface CellProps {
  className?: string;
  title?: string | undefined;
  children: React.ReactNode;
}

function Cell({ className = '', title, children }: CellProps) {
  return (
    <span role="gridcell" title={title} className={`truncate ${className}`}>
      {children}
    </span>
  );
}
