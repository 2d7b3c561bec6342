import { type ReactNode, useEffect } from 'react';
import type { Alert } from '@/shared/api/types';
import type { Action } from '../actions/actions';
import { type AlertFilter, isQueue } from '../search';
import { AlertRow, TRACKS } from './AlertRow';
import { Tick } from './Tick';
import type { useChecked } from './useChecked';

const HEADINGS = [
  { name: 'Level' },
  { name: 'Account' },
  { name: 'Leading reason' },
  { name: 'Score', className: 'text-right' },
  { name: 'Age', className: 'hidden text-right @4xl:block' },
  { name: 'Due' },
  { name: 'Assignee', className: 'hidden @4xl:block' },
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
        aria-label={isQueue(filter) ? 'Alerts, first the one to deal with first' : 'Alerts, newest first'}
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
          {HEADINGS.map(({ name, className = '' }) => (
            <span key={name} role="columnheader" className={className}>
              {name}
            </span>
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
