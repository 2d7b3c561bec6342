import type { Alert } from '@/shared/api/types';
import { createStore } from '@/shared/store';

const CAP = 1_000;

export type AlertUpdates = ReadonlyMap<string, Alert>;

/** The latest version of every alert that the socket or an action of this user brought; the newest 1,000. */
export function createAlertUpdates() {
  const store = createStore<AlertUpdates>(new Map());
  return {
    get: store.get,
    subscribe: store.subscribe,
    put(alerts: readonly Alert[]): void {
      const next = new Map(store.get());
      for (const alert of alerts) {
        const known = next.get(alert.id);
        if (known && known.version >= alert.version) continue;
        next.delete(alert.id);
        next.set(alert.id, alert);
      }
      for (const id of next.keys()) {
        if (next.size <= CAP) break;
        next.delete(id);
      }
      store.set(next);
    },
    clear: () => store.set(new Map()),
  };
}
