import type { Alert, AlertStatus, Disposition, TimelineEntry } from '@/shared/api/types';
import { plural } from '@/shared/format/number';
import { sentence } from '@/shared/format/words';
import { calendarDate, clockMinute } from '@/shared/time/format';
import type { Action } from './actions/actions';

export const STATUS_WORD: Record<AlertStatus, string> = {
  open: 'Open',
  acknowledged: 'Acknowledged',
  resolved: 'Resolved',
};

export const PENDING_WORD: Record<Action['kind'], string> = {
  acknowledge: 'Acknowledging…',
  resolve: 'Resolving…',
  reopen: 'Reopening…',
  undo: 'Undoing…',
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
    case 'undo':
      return 'Undone';
    case 'assign':
      return action.assignee === null
        ? 'Unassigned'
        : `Assigned to ${action.assignee === 'me' ? 'you' : person(action.assignee, null)}`;
    case 'snooze':
      return 'Snoozed';
    case 'wake':
      return 'Woken';
    case 'note':
      return 'Noted';
  }
}

type Named = Pick<Alert, 'account_id' | 'account_count' | 'group_key' | 'group_value'>;

/** What an alert is on: its account, or for a campaign what its accounts share. */
export const alertName = (alert: Named): string =>
  alert.account_count === 1 ? alert.account_id : alert.group_value;

/** What the accounts of a campaign share, in a word: `12 accounts through one device`. */
export const campaignWords = (alert: Named): string =>
  `${plural(alert.account_count, 'account')} ${SHARED[alert.group_key]}`;

const SHARED: Record<Alert['group_key'], string> = {
  account: 'together',
  device: 'through one device',
  counterparty: 'at one counterparty',
  rule: 'hit by one rule',
};

export const ofAlerts = (alerts: readonly Named[]): string =>
  alerts.length === 1 && alerts[0] ? alertName(alerts[0]) : plural(alerts.length, 'alert');

const ACTED: Partial<Record<TimelineEntry['action'], string>> = {
  acknowledged: 'acknowledged it',
  unassigned: 'gave it back',
  noted: 'noted something',
  snoozed: 'snoozed it',
  woken: 'ended its snooze',
  resolved: 'resolved it',
  reopened: 'reopened it',
  undone: 'took that back',
  opened: 'raised it',
  grew: 'added an event to it',
  breached: 'noted that its deadline was missed',
  merged: 'made it part of a campaign',
};

/** What somebody did, as a sentence: `ben resolved it as false positive`. */
export function happened(entry: TimelineEntry, me: string | null): string {
  const who =
    entry.actor === 'engine'
      ? 'The engine'
      : entry.actor === 'system'
        ? 'The clock'
        : entry.actor === me
          ? 'You'
          : person(entry.actor, me);
  if (entry.action === 'assigned') return `${who} ${assignedWords(entry, me)}`;
  const as = entry.action === 'resolved' ? entry.changes.disposition?.after : null;
  return `${who} ${ACTED[entry.action] ?? entry.action}${as ? ` as ${dispositionWord(String(as)).toLowerCase()}` : ''}`;
}

function assignedWords({ actor, changes }: TimelineEntry, me: string | null): string {
  const to = changes.assignee?.after;
  return to == null ? 'assigned it' : to === actor ? 'took it' : `assigned it to ${person(String(to), me)}`;
}

export interface Change {
  before: string | number | null;
  after: string | number | null;
}

const FIELD: Record<string, string> = {
  status: 'status',
  level: 'level',
  assignee: 'assignee',
  snoozed_until: 'snoozed until',
  disposition: 'found to be',
  disposition_reason: 'because',
  event_count: 'events',
  account_count: 'accounts',
  merged_into: 'part of',
  suppressed_until: 'same finding suppressed until',
  due_at: 'due',
};

/** A change of one field: `events 2 → 3`; times in the chosen zone, to the minute. */
export function changeWords(name: string, { before, after }: Change): string {
  const shown = (value: Change['before']): string => {
    if (value === null) return name === 'assignee' ? 'unassigned' : 'none';
    if (name.endsWith('_at') || name.endsWith('_until'))
      return `${calendarDate(new Date(value))} ${clockMinute(new Date(value))}`;
    return typeof value === 'number'
      ? String(value)
      : value.includes('@')
        ? value
        : sentence(value.toLowerCase());
  };
  const field = FIELD[name] ?? name;
  return before === null ? `${field} ${shown(after)}` : `${field} ${shown(before)} → ${shown(after)}`;
}
