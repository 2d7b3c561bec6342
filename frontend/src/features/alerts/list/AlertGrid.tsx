import { type ReactNode, useEffect } from 'react';
import type { Alert } from '@/shared/api/types';
import { Icon } from '@/shared/ui/Icon';
import type { Action } from '../actions/actions';
import { type AlertFilter, type AlertSort, isQueue } from '../search';
import { AlertRow, TRACKS } from './AlertRow';
import { Tick } from './Tick';
import type { useChecked } from './useChecked';

interface Heading {
  name: string;
  className?: string;
  /** The orders that a press on it goes through. */
  sorts?: readonly [AlertSort, AlertSort];
}

const HEADINGS: readonly Heading[] = [
  { name: 'Level' },
  { name: 'Decision', className: 'hidden @4xl:block' },
  { name: 'Account' },
  { name: 'Leading reason' },
  { name: 'Amount', className: 'text-right', sorts: ['-amount', 'amount'] },
  { name: 'Counterparty', className: 'hidden @5xl:block', sorts: ['counterparty_id', '-counterparty_id'] },
  { name: 'Country', className: 'hidden @5xl:block', sorts: ['country', '-country'] },
  { name: 'Score', className: 'hidden text-right @4xl:block' },
  { name: 'Age', className: 'hidden text-right @4xl:block' },
  { name: 'Due' },
  { name: 'Assignee', className: 'hidden @6xl:block' },
  { name: 'Status' },
];

interface Props {
  alerts: readonly Alert[];
  filter: AlertFilter;
  me: string | null;
  selected: string | undefined;
  pending: ReadonlyMap<string, Action['kind']>;
  /** Null for who may only look. */
  ticks: ReturnType<typeof useChecked> | null;
  onSelect: (id: string) => void;
  onSort: (sort: AlertSort | undefined) => void;
  /** The arrow keys, while the list has the focus. */
  onMove: (step: number) => void;
  /** After the last row. */
  children: ReactNode;
}

export function AlertGrid({
  alerts,
  filter,
  me,
  selected,
  pending,
  ticks,
  onSelect,
  onSort,
  onMove,
  children,
}: Props) {
  useEffect(() => {
    if (selected) document.getElementById(`alert-${selected}`)?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  const all = ticks !== null && alerts.every(({ id }) => ticks.checked.has(id));
  const shown = alerts.some(({ id }) => id === selected);
  return (
    <div className="@container min-h-0 flex-1 overflow-y-auto">
      <div
        role="grid"
        aria-label={gridName(filter)}
        aria-activedescendant={shown ? `alert-${selected}` : undefined}
        tabIndex={0}
        className="-outline-offset-2"
        onKeyDown={(event) => {
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (step === undefined) return;
          event.preventDefault();
          onMove(step);
        }}
      >
        <div
          role="row"
          className={`sticky top-0 z-1 hidden h-8 items-center border-b border-line bg-panel px-4 text-xs font-medium text-muted @3xl:grid ${TRACKS}`}
        >
          <span role="columnheader" aria-label="Tick">
            {!ticks && <span className="sr-only">Nothing to tick</span>}
            {ticks && (
              <Tick
                label="All that are listed"
                checked={all}
                onToggle={() => (all ? ticks.clear() : ticks.set(alerts.map(({ id }) => id)))}
              />
            )}
          </span>
          {HEADINGS.map((heading) => (
            <HeadingCell key={heading.name} heading={heading} sort={filter.sort} onSort={onSort} />
          ))}
        </div>
        {alerts.map((alert, index) => (
          <AlertRow
            key={alert.id}
            alert={alert}
            me={me}
            index={index}
            selected={alert.id === selected}
            pending={pending.get(alert.id)}
            ticked={ticks?.checked.has(alert.id) ?? false}
            onTick={ticks?.toggle}
            onSelect={onSelect}
          />
        ))}
      </div>
      {children}
    </div>
  );
}

const gridName = (filter: AlertFilter): string => {
  if (filter.sort) return 'Alerts, sorted by a column';
  return isQueue(filter) ? 'Alerts, first the one to deal with first' : 'Alerts, newest first';
};

interface HeadingProps {
  heading: Heading;
  sort: AlertSort | undefined;
  onSort: (sort: AlertSort | undefined) => void;
}

/** A heading; where it sorts, a press sorts, a second turns the order, a third ends it. */
function HeadingCell({ heading: { name, className = '', sorts }, sort, onSort }: HeadingProps) {
  if (!sorts)
    return (
      <span role="columnheader" className={className}>
        {name}
      </span>
    );
  const at = sort ? sorts.indexOf(sort) : -1;
  const order = at < 0 ? undefined : sort?.startsWith('-') ? 'descending' : 'ascending';
  return (
    <span role="columnheader" aria-sort={order} className={`truncate ${className}`}>
      <button
        type="button"
        onClick={() => onSort(sorts[at + 1])}
        className={`inline-flex h-6 items-center gap-1 rounded-xs -outline-offset-2 hover:text-strong ${order ? 'text-strong' : ''}`}
      >
        {name}
        <span
          aria-hidden="true"
          className={`${order ? '' : 'hidden'} ${order === 'descending' ? 'rotate-180' : ''}`}
        >
          <Icon name="up" size={10} />
        </span>
      </button>
    </span>
  );
}
