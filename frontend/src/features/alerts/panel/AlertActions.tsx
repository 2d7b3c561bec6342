import Button from '@mui/material/Button';
import type { ReactNode } from 'react';
import { useNow } from '@/shared/time/useNow';
import { KeyHint } from '../actions/KeyHint';
import type { Triage } from '../actions/useTriage';
import { isSnoozed } from '../search';

/** What can be done now with the alert in the panel. */
export function AlertActions({ triage }: { triage: Triage }) {
  const { alert, me } = triage;
  const now = useNow();
  if (!alert) return null;
  if (alert.status === 'resolved') {
    return (
      <Action name="Reopen" onClick={triage.reopen}>
        It is to be looked at again.
      </Action>
    );
  }
  return (
    <div className="flex flex-wrap gap-2">
      {alert.status === 'open' ? (
        <Action name="Acknowledge" hotkey="A" main onClick={triage.acknowledge} />
      ) : (
        <Action name="Reopen" onClick={triage.reopen} />
      )}
      <Action
        name="Resolve…"
        hotkey="R"
        main={alert.status === 'acknowledged'}
        onClick={() => triage.ask('resolve')}
      />
      {isSnoozed(alert, now) ? (
        <Action name="Wake" onClick={triage.wake} />
      ) : (
        <Action name="Snooze…" hotkey="S" onClick={() => triage.ask('snooze')} />
      )}
      {alert.assignee === me ? (
        <Action name="Give back" hotkey="U" onClick={triage.giveBack} />
      ) : (
        <Action name={alert.assignee ? 'Take over' : 'Assign to me'} hotkey="M" onClick={triage.assignToMe} />
      )}
      <Action name="Assign…" hotkey="T" onClick={() => triage.ask('assign')} />
    </div>
  );
}

interface Props {
  name: string;
  hotkey?: string;
  main?: boolean;
  onClick: () => void;
  children?: ReactNode;
}

function Action({ name, hotkey, main = false, onClick, children }: Props) {
  return (
    <span className="flex items-center gap-3">
      <Button
        variant={main ? 'contained' : 'outlined'}
        onClick={onClick}
        {...(hotkey && { 'aria-keyshortcuts': hotkey, endIcon: <KeyHint name={hotkey} /> })}
      >
        {name}
      </Button>
      {children && <span className="text-muted">{children}</span>}
    </span>
  );
}
