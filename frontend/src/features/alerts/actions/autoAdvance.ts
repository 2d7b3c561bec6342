import { createStore } from '@/shared/store';

const KEY = 'alerts-auto-advance';

function kept(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true;
  }
}

const store = createStore(kept());

/** Whether the reader is taken to the next alert once one is resolved or snoozed; kept in this browser. */
export const autoAdvance = {
  get: store.get,
  subscribe: store.subscribe,
  set(on: boolean): void {
    store.set(on);
    try {
      localStorage.setItem(KEY, on ? 'on' : 'off');
    } catch {
      // Storage may be forbidden: it then holds until the next reload.
    }
  },
};
