import { type ReactNode, useEffect } from 'react';
import type { Alert } from '@/shared/api/types';
import { AlertRow, TRACKS } from './AlertRow';
import type { AlertAction } from './useAlertAction';

const HEADINGS = ['Level', 'Account', 'Leading reason', 'Events', 'Score', 'Age', 'Status'];
const RIGHT = new Set(['Events', 'Score', 'Age']);

interface Props {
  alerts: readonly Alert[];
  selected: string | undefined;
  pending: ReadonlyMap<string, AlertAction['to']>;
  onSelect: (id: string) => void;
  /** The arrow keys, while the list has the focus. */
  onMove: (step: number) => void;
  /** After the last row. */
  children: ReactNode;
}

export function AlertGrid({ alerts, selected, pending, onSelect, onMove, children }: Props) {
  useEffect(() => {
    if (selected) document.getElementById(`alert-${selected}`)?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  return (
    <div className="@container min-h-0 flex-1 overflow-y-auto">
      <div
        role="grid"
        aria-label="Alerts, newest first"
        aria-activedescendant={selected && `alert-${selected}`}
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
          {HEADINGS.map((name) => (
            <span key={name} role="columnheader" className={RIGHT.has(name) ? 'text-right' : ''}>
              {name}
            </span>
          ))}
        </div>
        {alerts.map((alert, index) => (
          <AlertRow
            key={alert.id}
            alert={alert}
            index={index}
            selected={alert.id === selected}
            pending={pending.get(alert.id)}
            onSelect={onSelect}
          />
        ))}
      </div>
      {children}
    </div>
  );
}
