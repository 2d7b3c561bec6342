import type { Alert, AlertStatus, RiskLevel } from '@/shared/api/types';
import { isLevel, LEVELS } from '@/shared/risk/scores/levels';

export const STATUSES = ['unresolved', 'open', 'acknowledged', 'resolved', 'all'] as const;
export type StatusFilter = AlertStatus | 'unresolved' | 'all';

/** What the list is narrowed to. */
export interface AlertFilter {
  status: StatusFilter;
  /** The lowest level listed. */
  level?: RiskLevel;
  account?: string;
  assignee?: 'me' | 'nobody';
  /** Only those that missed a deadline. */
  breached?: true;
  /** Those put off now, instead of those that are not. */
  snoozed?: true;
}

/** What the address of the alerts screen says: the queue, unless it says otherwise. */
export interface AlertsSearch extends Partial<AlertFilter> {
  /** The alert in the side panel. */
  alert?: string;
}

const text = (value: unknown): string | undefined =>
  value === undefined || value === '' ? undefined : String(value);

export function readFilter(search: Record<string, unknown>): Partial<AlertFilter> {
  const status = STATUSES.find((each) => each === search.status);
  const account = text(search.account);
  const assignee = (['me', 'nobody'] as const).find((each) => each === search.assignee);
  return {
    ...(status && status !== 'unresolved' ? { status } : {}),
    ...(isLevel(search.level) && search.level !== 'LOW' ? { level: search.level } : {}),
    ...(account ? { account } : {}),
    ...(assignee ? { assignee } : {}),
    ...(search.breached === true ? { breached: true } : {}),
    ...(search.snoozed === true ? { snoozed: true } : {}),
  };
}

export function readAlertsSearch(search: Record<string, unknown>): AlertsSearch {
  const alert = text(search.alert);
  return { ...readFilter(search), ...(alert ? { alert } : {}) };
}

/** Whether what is listed is work to do, which the server puts in order; the rest is listed by age. */
export const isQueue = ({ status }: AlertFilter): boolean => status !== 'resolved' && status !== 'all';

/** A filter as the API asks for it. */
export function toQuery(filter: AlertFilter) {
  const { status, level, account, assignee, breached, snoozed } = filter;
  return {
    ...(isQueue(filter) ? { sort: 'rank' as const, snoozed: snoozed === true } : snoozed ? { snoozed } : {}),
    ...(status === 'unresolved' || status === 'all' ? {} : { status }),
    ...(level ? { min_level: level } : {}),
    ...(account ? { account_id: account } : {}),
    ...(assignee ? { assignee } : {}),
    ...(breached ? { breached } : {}),
  };
}

export const isSnoozed = (alert: Alert, now: number): boolean =>
  alert.snoozed_until != null && Date.parse(alert.snoozed_until) > now;

/** Whether the API would list `alert` for `filter`, asked by `me` at `now` (epoch milliseconds). */
export function matches(alert: Alert, filter: AlertFilter, me: string | null, now: number): boolean {
  const { status, level, account, assignee, breached, snoozed } = filter;
  return (
    (status === 'all' || (status === 'unresolved' ? alert.status !== 'resolved' : alert.status === status)) &&
    (!level || LEVELS.indexOf(alert.level) >= LEVELS.indexOf(level)) &&
    (!account || alert.account_id === account) &&
    (!assignee || (alert.assignee ?? null) === (assignee === 'me' ? me : null)) &&
    (!breached || alert.breached) &&
    (snoozed || isQueue(filter) ? isSnoozed(alert, now) === (snoozed === true) : true)
  );
}
