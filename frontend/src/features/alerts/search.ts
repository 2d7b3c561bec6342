import type { Action, Alert, AlertStatus, RiskLevel } from '@/shared/api/types';
import { isAction } from '@/shared/risk/decisions/decisions';
import { isLevel, LEVELS } from '@/shared/risk/scores/levels';

export const STATUSES = ['unresolved', 'open', 'acknowledged', 'resolved', 'all'] as const;
export type StatusFilter = AlertStatus | 'unresolved' | 'all';

export const SORTS = [
  '-amount',
  'amount',
  'country',
  '-country',
  'counterparty_id',
  '-counterparty_id',
] as const;
/** An order by a column, with `-` the greatest first; what has no value there counts as the least. */
export type AlertSort = (typeof SORTS)[number];

/** What the list is narrowed to, and its order where it is not the usual one. */
export interface AlertFilter {
  status: StatusFilter;
  /** The lowest level listed. */
  level?: RiskLevel;
  /** The strictest decision on its events. */
  decision?: Action;
  account?: string;
  counterparty?: string;
  country?: string;
  /** The least amount, in the reporting currency. */
  amount?: number;
  assignee?: 'me' | 'nobody';
  /** Only those that missed a deadline. */
  breached?: true;
  /** Those put off now, instead of those that are not. */
  snoozed?: true;
  sort?: AlertSort;
}

/** What the address of the alerts screen says: the queue, unless it says otherwise. */
export interface AlertsSearch extends Partial<AlertFilter> {
  /** The alert in the side panel. */
  alert?: string;
}

const MOST_MONEY = 1e15;
const COUNTRY = /^[A-Z][A-Z0-9]$/;

const text = (value: unknown): string | undefined =>
  value === undefined || value === '' ? undefined : String(value);

export function readFilter(search: Record<string, unknown>): Partial<AlertFilter> {
  const status = STATUSES.find((each) => each === search.status);
  const account = text(search.account);
  const counterparty = text(search.counterparty);
  const country = text(search.country)?.toUpperCase();
  const amount = search.amount === '' ? Number.NaN : Number(search.amount);
  const sort = SORTS.find((each) => each === search.sort);
  const assignee = (['me', 'nobody'] as const).find((each) => each === search.assignee);
  return {
    ...(status && status !== 'unresolved' ? { status } : {}),
    ...(isLevel(search.level) && search.level !== 'LOW' ? { level: search.level } : {}),
    ...(isAction(search.decision) ? { decision: search.decision } : {}),
    ...(account ? { account } : {}),
    ...(counterparty ? { counterparty } : {}),
    ...(country && COUNTRY.test(country) ? { country } : {}),
    ...(amount > 0 && amount <= MOST_MONEY ? { amount } : {}),
    ...(assignee ? { assignee } : {}),
    ...(search.breached === true ? { breached: true } : {}),
    ...(search.snoozed === true ? { snoozed: true } : {}),
    ...(sort ? { sort } : {}),
  };
}

export function readAlertsSearch(search: Record<string, unknown>): AlertsSearch {
  const alert = text(search.alert);
  return { ...readFilter(search), ...(alert ? { alert } : {}) };
}

/** Whether what is listed is work to do; the rest is listed by age. */
const isWork = ({ status }: AlertFilter): boolean => status !== 'resolved' && status !== 'all';

/** Whether the server puts what is listed in the order in which it is to be dealt with. */
export const isQueue = (filter: AlertFilter): boolean => isWork(filter) && !filter.sort;

/** What the API narrows a list or a count to, whatever the status. */
function narrowed({
  level,
  decision,
  account,
  counterparty,
  country,
  amount,
  assignee,
  breached,
}: AlertFilter) {
  return {
    ...(level ? { min_level: level } : {}),
    ...(decision ? { decision } : {}),
    ...(account ? { account_id: account } : {}),
    ...(counterparty ? { counterparty_id: counterparty } : {}),
    ...(country ? { country } : {}),
    ...(amount ? { min_amount: amount } : {}),
    ...(assignee ? { assignee } : {}),
    ...(breached ? { breached } : {}),
  };
}

/** A filter as the API asks for it. */
export function toQuery(filter: AlertFilter) {
  const { status, snoozed, sort = isWork(filter) ? ('rank' as const) : undefined } = filter;
  return {
    ...(sort ? { sort } : {}),
    ...(isWork(filter) ? { snoozed: snoozed === true } : snoozed ? { snoozed } : {}),
    ...(status === 'unresolved' || status === 'all' ? {} : { status }),
    ...narrowed(filter),
  };
}

/** A filter as the API asks for the counts of what is to do. */
export const toCountQuery = (filter: AlertFilter) => ({
  snoozed: filter.snoozed === true,
  ...narrowed(filter),
});

const moneyOf = (alert: Alert): number => alert.base_amount ?? -1;

/** Whether `alert` stands above `other` in the order of the list. */
export function precedes(alert: Alert, other: Alert, filter: AlertFilter): boolean {
  if (isQueue(filter)) return alert.rank > other.rank;
  const sign = filter.sort?.startsWith('-') ? 1 : -1;
  switch (filter.sort) {
    case undefined:
      return alert.opened_at > other.opened_at;
    case 'amount':
    case '-amount':
      return sign * (moneyOf(alert) - moneyOf(other)) > 0;
    default: {
      const key = filter.sort.endsWith('country') ? 'country' : 'counterparty_id';
      const [one, two] = [alert[key] ?? '', other[key] ?? ''];
      return sign > 0 ? one > two : one < two;
    }
  }
}

export const isSnoozed = (alert: Alert, now: number): boolean =>
  alert.snoozed_until != null && Date.parse(alert.snoozed_until) > now;

/** Whether the API would list `alert` for `filter`, asked by `me` at `now` (epoch milliseconds). */
export function matches(alert: Alert, filter: AlertFilter, me: string | null, now: number): boolean {
  const { status, level, decision, account, counterparty, country, amount, assignee, breached, snoozed } =
    filter;
  return (
    (status === 'all' || (status === 'unresolved' ? alert.status !== 'resolved' : alert.status === status)) &&
    (!level || LEVELS.indexOf(alert.level) >= LEVELS.indexOf(level)) &&
    (!decision || alert.decision === decision) &&
    (!account || alert.account_id === account) &&
    (!counterparty || alert.counterparty_id === counterparty) &&
    (!country || alert.country === country) &&
    (!amount || moneyOf(alert) >= amount) &&
    (!assignee || (alert.assignee ?? null) === (assignee === 'me' ? me : null)) &&
    (!breached || alert.breached) &&
    (snoozed || isWork(filter) ? isSnoozed(alert, now) === (snoozed === true) : true)
  );
}
