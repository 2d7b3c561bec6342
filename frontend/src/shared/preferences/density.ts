import { createStore, useStore } from '@/shared/store';

export type Density = 'compact' | 'comfortable';

const KEY = 'density';
const ROW: Record<Density, number> = { compact: 32, comfortable: 40 };

/** `public/appearance.js` has put the kept choice on the root element before the first paint. */
const store = createStore<Density>(
  document.documentElement.dataset.density === 'comfortable' ? 'comfortable' : 'compact',
);

export const useDensity = (): Density => useStore(store);

/** Height of a row, in pixels. */
export const useRowHeight = (): number => ROW[useDensity()];

export function setDensity(density: Density): void {
  document.documentElement.dataset.density = density;
  try {
    localStorage.setItem(KEY, density);
  } catch {
    // Storage may be forbidden: the choice then lasts until the next reload.
  }
  store.set(density);
}
