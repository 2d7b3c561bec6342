import type { Alert } from '@/shared/api/types';
import { LEVELS } from '@/shared/risk/levels';
import type { AlertUpdates } from '@/shared/stream/alertUpdates';
import type { AlertFilter } from './search';

export function matches(alert: Alert, filter: AlertFilter): boolean {
  return (
    (filter.status === 'all' || alert.status === filter.status) &&
    (!filter.level || LEVELS.indexOf(alert.level) >= LEVELS.indexOf(filter.level)) &&
    (!filter.account || alert.account_id === filter.account)
  );
}

export const latest = (alert: Alert, updates: AlertUpdates): Alert => {
  const update = updates.get(alert.id);
  return update && update.version > alert.version ? update : alert;
};

/**
 * The listed alerts brought up to date where they stand, and how many belong above them that are not listed yet.
 * One that no longer matches the filter keeps its place, with its new status, until the list is fetched again:
 * nothing moves under the reader.
 */
export function overlay(
  listed: readonly Alert[],
  updates: AlertUpdates,
  filter: AlertFilter,
): { alerts: Alert[]; arrivals: number } {
  const known = new Set(listed.map((alert) => alert.id));
  const newest = listed[0]?.opened_at ?? '';
  let arrivals = 0;
  for (const update of updates.values()) {
    if (!known.has(update.id) && update.opened_at > newest && matches(update, filter)) arrivals += 1;
  }
  return { alerts: listed.map((alert) => latest(alert, updates)), arrivals };
}
