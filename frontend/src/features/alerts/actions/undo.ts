import type { Alert } from '@/shared/api/types';
import { isSnoozed } from '../search';
import type { Action } from './actions';

/** How one alert gets back to what it was. */
export interface Step {
  /** The alert as the action left it. */
  after: Alert;
  actions: readonly Action[];
}

/** One thing that can be taken back, of one alert or of many. */
export interface Undo {
  what: string;
  steps: readonly Step[];
}

export const MOST_UNDO = 20;

export type UndoEvent = { type: 'did'; undo: Undo } | { type: 'undone'; undo: Undo };

/** What can be taken back, the last first. */
export function undoReducer(stack: readonly Undo[], event: UndoEvent): readonly Undo[] {
  switch (event.type) {
    case 'did':
      return event.undo.steps.length === 0 ? stack : [event.undo, ...stack].slice(0, MOST_UNDO);
    case 'undone':
      return stack.filter((each) => each !== event.undo);
  }
}

/**
 * The actions that take `action` back, in order; none if it cannot be. `now` in epoch milliseconds: a snooze that
 * has ended meanwhile cannot be ended.
 */
export function inverse(action: Action, before: Alert, after: Alert, now: number): Action[] {
  const assignee = before.assignee ?? null;
  const giveBack: Action[] = assignee === (after.assignee ?? null) ? [] : [{ kind: 'assign', assignee }];
  switch (action.kind) {
    case 'acknowledge':
    case 'resolve':
      return [{ kind: 'undo' }];
    case 'reopen':
      return before.status === 'acknowledged' ? [{ kind: 'acknowledge' }] : [];
    case 'assign':
      return giveBack;
    case 'snooze':
      if (!isSnoozed(after, now)) return [];
      return isSnoozed(before, now) ? [snoozeUntil(before)] : [{ kind: 'wake' }];
    case 'wake':
      return isSnoozed(before, now) ? [snoozeUntil(before)] : [];
    case 'note':
    case 'undo':
      return [];
  }
}

const snoozeUntil = (alert: Alert): Action => ({
  kind: 'snooze',
  until: alert.snoozed_until ?? '',
  note: '',
});

/**
 * The alert to undo on: as it is now, if it stands as it was left, so that an event or a note that joined it is no
 * obstacle; else as it was left, which the server refuses, saying who did what.
 */
export function undoOn(after: Alert, now: Alert): Alert {
  const same = (['status', 'assignee', 'snoozed_until', 'disposition'] as const).every(
    (name) => (after[name] ?? null) === (now[name] ?? null),
  );
  return same ? now : after;
}
