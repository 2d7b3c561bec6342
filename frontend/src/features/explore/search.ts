import type { Action, RiskLevel } from '@/shared/api/types';
import { isAction } from '@/shared/risk/decisions/decisions';
import { isLevel } from '@/shared/risk/scores/levels';
import { type HistoryOrder, type HistoryQuery, isOrder } from '@/shared/risk/useHistory';

const EVENT_TYPE = /^[a-z][a-z0-9_.]{0,63}$/;

export const SPANS = ['hour', 'day', 'week', 'month'] as const;
export type Span = (typeof SPANS)[number];

const HOURS: Record<Span, number> = { hour: 1, day: 24, week: 7 * 24, month: 30 * 24 };

/** What the list is narrowed to. Times are RFC 3339 in UTC; a span ends now, whenever the address is opened. */
export interface ExploreFilter {
  /** The lowest level listed. */
  level?: RiskLevel;
  decision?: Action;
  /** Only those whose decision is overturned. */
  overturned?: true;
  type?: string;
  account?: string;
  counterparty?: string;
  /** The lowest score listed. */
  score?: number;
  span?: Span;
  from?: string;
  to?: string;
}

/** What the address of the screen says. */
export interface ExploreSearch extends ExploreFilter {
  /** The event in the side panel. */
  event?: string;
  /** Left out: last scored first. */
  sort?: HistoryOrder;
}

const text = (value: unknown): string | undefined =>
  value === undefined || value === null || value === '' ? undefined : String(value).slice(0, 128);

function moment(value: unknown): string | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

function share(value: unknown): number | undefined {
  const found = Number.parseFloat(String(value));
  return found > 0 && found <= 1 ? found : undefined;
}

/** Whatever an address says, without what means nothing here. */
export function readExploreSearch(search: Record<string, unknown>): ExploreSearch {
  const span = SPANS.find((each) => each === search.span);
  const found: { [Key in keyof ExploreSearch]: ExploreSearch[Key] | undefined } = {
    level: isLevel(search.level) && search.level !== 'LOW' ? search.level : undefined,
    decision: isAction(search.decision) ? search.decision : undefined,
    overturned: search.overturned === true ? true : undefined,
    type: EVENT_TYPE.test(String(search.type ?? '')) ? String(search.type) : undefined,
    account: text(search.account),
    counterparty: text(search.counterparty),
    score: share(search.score),
    span,
    from: span ? undefined : moment(search.from),
    to: span ? undefined : moment(search.to),
    event: text(search.event),
    sort: isOrder(search.sort) ? search.sort : undefined,
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** The filter in the words of the API, as of `now` in epoch milliseconds. */
export function historyQuery(filter: ExploreFilter, now: number): HistoryQuery {
  const from = filter.span ? new Date(now - HOURS[filter.span] * 3_600_000).toISOString() : filter.from;
  return {
    ...(filter.level && { min_level: filter.level }),
    ...(filter.decision && { decision: filter.decision }),
    ...(filter.overturned && { overturned: true }),
    ...(filter.type && { event_type: filter.type }),
    ...(filter.account && { account_id: filter.account }),
    ...(filter.counterparty && { counterparty_id: filter.counterparty }),
    ...(filter.score && { min_score: filter.score }),
    ...(from && { from }),
    ...(filter.to && { to: filter.to }),
  };
}
