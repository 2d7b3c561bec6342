import type { AssessmentSummary } from '@/shared/api/types';
import { eventRef } from '@/shared/risk/eventRef';

/** How an amount lies among an account's other amounts of the same kind and currency. */
export interface Distribution {
  /** The others, rising. */
  others: readonly number[];
  amount: number;
  currency: string | null;
  median: number;
  /** Share of the others that are smaller, 0 to 1. */
  above: number;
}

/** Fewer than these say nothing of what is usual. */
export const LEAST = 3;

/** The distribution around `event` in the account's `events`; null where there is too little to tell. */
export function distribution(
  event: Pick<AssessmentSummary, 'event_id' | 'event_source' | 'event_type' | 'amount' | 'currency'>,
  events: readonly AssessmentSummary[],
): Distribution | null {
  const amount = Number(event.amount);
  if (event.amount == null || !Number.isFinite(amount)) return null;
  const others = events
    .filter(
      (each) =>
        eventRef(each) !== eventRef(event) &&
        each.event_type === event.event_type &&
        each.currency === event.currency &&
        each.amount != null,
    )
    .map((each) => Number(each.amount))
    .sort((a, b) => a - b);
  if (others.length < LEAST) return null;
  const above = others.filter((each) => each < amount).length / others.length;
  return { others, amount, currency: event.currency ?? null, median: quantile(others, 0.5), above };
}

/** The value below which `share` of the rising `values` lie, between two of them if need be. */
export function quantile(values: readonly number[], share: number): number {
  const place = (values.length - 1) * share;
  const low = Math.floor(place);
  const [a = 0, b = a] = [values[low], values[Math.min(low + 1, values.length - 1)]];
  return a + (b - a) * (place - low);
}

/** Where a positive number lies between two others, 0 to 1, on a scale of powers. */
export function onPowers(value: number, low: number, high: number): number {
  const log = (each: number) => Math.log(Math.max(each, 0.01));
  const width = log(high) - log(low);
  return width > 0 ? Math.min(1, Math.max(0, (log(value) - log(low)) / width)) : 0.5;
}
