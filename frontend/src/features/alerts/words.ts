import { asProblem } from '@/shared/api/problem';
import type { Alert, AlertStatus, Disposition, TimelineEntry } from '@/shared/api/types';
import { plural } from '@/shared/format/number';
import type { Action } from './actions';

export const STATUS_WORD: Record<AlertStatus, string> = {
  open: 'Open',
  acknowledged: 'Acknowledged',
  resolved: 'Resolved',
};

export const PENDING_WORD: Record<Action['kind'], string> = {
  acknowledge: 'Acknowledging…',
  resolve: 'Resolving…',
  reopen: 'Reopening…',
  assign: 'Assigning…',
  snooze: 'Snoozing…',
  wake: 'Waking…',
  note: 'Noting…',
};

export const DISPOSITIONS: readonly { value: Disposition; word: string; meaning: string }[] = [
  { value: 'confirmed_risk', word: 'Confirmed risk', meaning: 'It was what it looked like.' },
  { value: 'false_positive', word: 'False positive', meaning: 'It was harmless; the engine was wrong.' },
  { value: 'inconclusive', word: 'Inconclusive', meaning: 'It cannot be told from what is known.' },
];

export const dispositionWord = (value: string): string =>
  DISPOSITIONS.find((each) => each.value === value)?.word ?? sentence(value);

/** `account_takeover` as `Account takeover`. */
export const sentence = (slug: string): string => {
  const words = slug.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** The part of an address before the @: enough to know a colleague by. */
export const person = (email: string, me: string | null): string =>
  email === me ? 'you' : (email.split('@')[0] ?? email);

/** What was done, in the past: `Resolved as false positive`. */
export function done(action: Action): string {
  switch (action.kind) {
    case 'acknowledge':
      return 'Acknowledged';
    case 'resolve':
      return `Resolved as ${dispositionWord(action.disposition).toLowerCase()}`;
    case 'reopen':
      return 'Reopened';
    case 'assign':
      return action.assignee === null
        ? 'Unassigned'
        : action.assignee === 'me'
          ? 'Assigned to you'
          : 'Given back';
    case 'snooze':
      return 'Snoozed';
    case 'wake':
      return 'Woken';
    case 'note':
      return 'Noted';
  }
}

export const ofAlerts = (alerts: readonly { account_id: string }[]): string =>
  alerts.length === 1 ? (alerts[0]?.account_id ?? '') : plural(alerts.length, 'alert');

const ACTED: Partial<Record<TimelineEntry['action'], string>> = {
  acknowledged: 'acknowledged it',
  assigned: 'assigned it',
  unassigned: 'gave it back',
  noted: 'noted something',
  snoozed: 'snoozed it',
  woken: 'ended its snooze',
  resolved: 'resolved it',
  reopened: 'reopened it',
  grew: 'added an event to it',
  breached: 'noted that its deadline was missed',
};

/** What somebody did, as a sentence: `ben resolved it as false positive`. */
export function happened(entry: TimelineEntry, me: string | null): string {
  const who =
    entry.actor === 'engine'
      ? 'The engine'
      : entry.actor === 'system'
        ? 'The clock'
        : person(entry.actor, me);
  const as = entry.action === 'resolved' ? entry.changes.disposition?.after : null;
  return `${who} ${ACTED[entry.action] ?? entry.action}${as ? ` as ${dispositionWord(String(as)).toLowerCase()}` : ''}`;
}

/** Why an action was not done, and how things stand instead. */
export function refused(error: unknown, alert: Alert | undefined): string {
  const { detail } = asProblem(error);
  return alert ? `${detail} Shown is how it stands now.` : detail;
}
