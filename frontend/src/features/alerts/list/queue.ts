import type { Alert } from '@/shared/api/types';
import type { AlertUpdates } from '@/shared/stream/alertUpdates';

/** The rows on the screen: in the order in which they were first put there. */
export interface Held {
  ids: readonly string[];
  byId: ReadonlyMap<string, Alert>;
  /** Fetched since, with places above or between these rows. */
  waiting: readonly string[];
}

export const NOTHING: Held = { ids: [], byId: new Map(), waiting: [] };

export const latest = (alert: Alert, updates: AlertUpdates): Alert => {
  const update = updates.get(alert.id);
  return update && update.version > alert.version ? update : alert;
};

/**
 * What the rows become when the list is fetched anew without the reader having asked for it. Rows stay where they
 * are, also those that the list no longer has; what is new after the last of them is put there, and what is new
 * above it waits.
 */
export function hold(before: Held, listed: readonly Alert[]): Held {
  const byId = new Map(before.byId);
  for (const alert of listed) {
    const known = byId.get(alert.id);
    if (!known || known.version <= alert.version) byId.set(alert.id, alert);
  }
  const shown = new Set(before.ids);
  const last = listed.findLastIndex(({ id }) => shown.has(id));
  const fresh = (alerts: readonly Alert[]) => alerts.filter(({ id }) => !shown.has(id)).map(({ id }) => id);
  return {
    ids: [...before.ids, ...fresh(listed.slice(last + 1))],
    byId,
    waiting: fresh(listed.slice(0, last + 1)),
  };
}

/** The rows that the reader asked for. */
export const take = (listed: readonly Alert[]): Held => hold(NOTHING, listed);

/**
 * The rows brought up to date where they stand, and the ids of those that belong among them and are not shown.
 * `belongs` says whether an alert is of this list and not further down than what was fetched.
 */
export function overlay(
  held: Held,
  updates: AlertUpdates,
  belongs: (alert: Alert) => boolean,
): { alerts: Alert[]; arrivals: number } {
  const shown = new Set(held.ids);
  const alerts = held.ids.flatMap((id) => {
    const alert = held.byId.get(id);
    return alert ? [latest(alert, updates)] : [];
  });
  const arrived = new Set(held.waiting);
  for (const update of updates.values()) {
    if (shown.has(update.id)) continue;
    if (belongs(update)) arrived.add(update.id);
    else arrived.delete(update.id);
  }
  return { alerts, arrivals: arrived.size };
}

/** Where the reader goes from the row at `position` once it is dealt with: the next with work left, else the one before. */
export function next(
  alerts: readonly Alert[],
  position: number,
  isDone: (alert: Alert) => boolean,
): Alert | undefined {
  return (
    alerts.slice(position + 1).find((each) => !isDone(each)) ??
    alerts.slice(0, Math.max(position, 0)).findLast((each) => !isDone(each))
  );
}
