import { createStore, useStore } from '@/shared/store';

/** In which zone times are written: UTC, or the one of this browser. */
export type Zone = 'utc' | 'own';

const KEY = 'time-zone';

function kept(): Zone {
  try {
    return localStorage.getItem(KEY) === 'own' ? 'own' : 'utc';
  } catch {
    return 'utc';
  }
}

const store = createStore<Zone>(kept());

/** The choice now. What shows a time calls `useZone`, so that it is written anew when the choice changes. */
export const zone = (): Zone => store.get();

export const useZone = (): Zone => useStore(store);

export function setZone(next: Zone): void {
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Storage may be forbidden: the choice then lasts until the next reload.
  }
  store.set(next);
}

/** Both choices, the browser's own by the name of its place: `Europe/Berlin`. */
export const zoneOptions = (): readonly { value: Zone; label: string }[] => [
  { value: 'utc', label: 'UTC' },
  { value: 'own', label: Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'Local' },
];
