import { useCallback, useState } from 'react';
import type { Alert, Disposition, DispositionReason } from '@/shared/api/types';
import { session } from '@/shared/session/store';
import { useMayAct } from '@/shared/session/useMayAct';
import { useStore } from '@/shared/store';
import { useStream } from '@/shared/stream/StreamProvider';
import { latest, next } from '../list/queue';
import type { useAlertList } from '../list/useAlertList';
import { useChecked } from '../list/useChecked';
import { useAlert } from '../panel/useAlert';
import { isSnoozed } from '../search';
import type { useAlertsSearch } from '../useAlertsSearch';
import type { Action } from './actions';
import { autoAdvance } from './autoAdvance';
import type { Changed, Task } from './carryOut';
import { useDesk } from './useDesk';

/** What is asked before it is done. */
type Asked = 'resolve' | 'snooze' | 'assign';

const leavesQueue = ({ kind }: Action): boolean => kind === 'resolve' || kind === 'snooze';
const isDone = (alert: Alert): boolean => alert.status === 'resolved' || isSnoozed(alert, Date.now());

/** The alert under the reader's eyes, those that are ticked, and everything that can be done with them. */
export function useTriage(
  list: Pick<ReturnType<typeof useAlertList>, 'alerts'>,
  { selected, change }: Pick<ReturnType<typeof useAlertsSearch>, 'selected' | 'change'>,
) {
  const mayAct = useMayAct();
  const me = useStore(session).email;
  const updates = useStore(useStream().alerts);
  const detail = useAlert(selected);
  const ticks = useChecked();
  const [dialog, setDialog] = useState<Asked | null>(null);

  const position = list.alerts.findIndex((each) => each.id === selected);
  const found = list.alerts[position] ?? detail.data ?? (selected ? updates.get(selected) : undefined);
  const alert =
    found && latest(detail.data && detail.data.version > found.version ? detail.data : found, updates);

  const onDone = (changed: readonly Changed[], task: Task): void => {
    const [first] = changed;
    if (task.type === 'act' && task.alerts.length > 1) ticks.clear();
    if (task.type !== 'act') {
      if (first) change({ alert: first.after.id });
    } else if (
      autoAdvance.get() &&
      leavesQueue(task.action) &&
      changed.some(({ after }) => after.id === selected)
    ) {
      const ids = new Set(changed.map(({ after }) => after.id));
      const onward = next(list.alerts, position, (each) => ids.has(each.id) || isDone(each));
      if (onward) change({ alert: onward.id });
    }
  };
  const desk = useDesk({ onDone });

  const ticked = list.alerts.filter(({ id }) => ticks.checked.has(id));
  const targets = ticked.length > 0 ? ticked : alert ? [alert] : [];
  const can = mayAct && targets.length > 0;
  const act = (action: Action): void => {
    if (can) desk.act(targets, action);
  };
  const give = (to: string | null): void => {
    const others = targets.filter(({ assignee }) => (assignee ?? null) !== to);
    if (mayAct) desk.act(others, { kind: 'assign', assignee: to === me ? 'me' : to });
  };
  const move = useCallback(
    (step: number): void => {
      const to = list.alerts[Math.max(0, Math.min(list.alerts.length - 1, position + step))];
      if (to) change({ alert: to.id });
    },
    [list.alerts, position, change],
  );
  return {
    alert,
    detail,
    me,
    mayAct,
    can,
    targets,
    ticks,
    desk,
    move,
    dialog: can ? dialog : null,
    ask: (which: Asked) => setDialog(can ? which : null),
    cancel: () => setDialog(null),
    // Asked also when it is too late for it: the server's answer says what can be done instead.
    acknowledge: () => act({ kind: 'acknowledge' }),
    resolve: (disposition: Disposition, reason: DispositionReason | null, note: string) => {
      setDialog(null);
      act({ kind: 'resolve', disposition, reason, note });
    },
    snooze: (until: string, note: string) => {
      setDialog(null);
      act({ kind: 'snooze', until, note });
    },
    assign: (assignee: string | null) => {
      setDialog(null);
      give(assignee);
    },
    assignToMe: () => give(me),
    giveBack: () => act({ kind: 'assign', assignee: null }),
    reopen: () => act({ kind: 'reopen' }),
    wake: () => act({ kind: 'wake' }),
    note: (text: string) => {
      if (mayAct && alert) desk.act([alert], { kind: 'note', text });
    },
  };
}

export type Triage = ReturnType<typeof useTriage>;
