import type { Configuration, RiskLevel } from '@/shared/api/types';

export type Thresholds = Configuration['thresholds'];
export type Policy = Configuration['alert_policy'];

/** What is being edited. */
export interface Draft {
  thresholds: Thresholds;
  policy: Policy;
}

export const STEP = 0.01;
const EDGES = ['low', 'medium', 'high'] as const;
export type Edge = (typeof EDGES)[number];

export const draftOf = ({ thresholds, alert_policy }: Configuration): Draft => ({
  thresholds,
  policy: alert_policy,
});

export const sameDraft = (a: Draft, b: Draft): boolean => JSON.stringify(a) === JSON.stringify(b);

/** `value` to the thousandth. */
const round = (value: number): number => Math.round(value * 1000) / 1000;

/** One bound moved; the others give way, so that they rise strictly and stay between 0 and 1. */
export function moveEdge(thresholds: Thresholds, edge: Edge, to: number): Thresholds {
  const at = EDGES.indexOf(edge);
  const values = EDGES.map((each) => thresholds[each]);
  values[at] = round(Math.min(1 - STEP * (3 - at), Math.max(STEP * (at + 1), to)));
  for (let i = at + 1; i < 3; i++) values[i] = round(Math.max(values[i] ?? 0, (values[i - 1] ?? 0) + STEP));
  for (let i = at - 1; i >= 0; i--) values[i] = round(Math.min(values[i] ?? 0, (values[i + 1] ?? 1) - STEP));
  const [low = 0, medium = 0, high = 0] = values;
  return { low, medium, high };
}

/** What keeps bounds from being put in force; null if nothing does. */
export function boundsProblem({ low, medium, high }: Thresholds): string | null {
  if (![low, medium, high].every((each) => each > 0 && each < 1))
    return 'Each bound is a number between 0 and 1.';
  if (low >= medium) return `High has to begin above Medium, which begins at ${low}.`;
  if (medium >= high) return `Critical has to begin above High, which begins at ${medium}.`;
  return null;
}

const isWhole = (value: number | undefined, least: number, most: number): boolean =>
  value === undefined || (Number.isInteger(value) && value >= least && value <= most);
export const isWindow = (minutes: number | undefined): boolean => isWhole(minutes, 1, 43_200);
export const isDays = (days: number | undefined): boolean => isWhole(days, 0, 365);

/** Stands for rates that are on the way to being some. */
export const UNSOUND_EXCHANGE: NonNullable<Policy['exchange']> = { base: '', rates: [] };

/** The same of deadlines, and of what is one alert. */
export function policyProblem({ service_levels, grouping, exchange }: Policy): string | null {
  if (exchange && !exchange.base) return 'The exchange rates are not complete.';
  if (!isWindow(grouping?.window_minutes)) return 'An alert takes events for 1 minute to 720 hours.';
  if (!Object.values(grouping?.suppression ?? {}).every(isDays))
    return 'A finding is suppressed for whole days, 365 at most.';
  const all = Object.values(service_levels ?? {}).flatMap((each) => Object.values(each));
  return all.every((minutes) => Number.isInteger(minutes) && minutes >= 1)
    ? null
    : 'Each deadline is a whole number of minutes, at least 1.';
}

/** How many events are at `least` or above. */
export function atLeast(counts: Readonly<Record<string, number>>, least: RiskLevel): number {
  const order: RiskLevel[] = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'];
  return order.slice(order.indexOf(least)).reduce((sum, level) => sum + (counts[level] ?? 0), 0);
}
