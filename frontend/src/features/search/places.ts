import { createStore } from '@/shared/store';

/** Something that was opened from the search, or pinned there. */
export interface Place {
  kind: string;
  id: string;
  name: string;
}

interface Kept {
  recent: readonly Place[];
  pinned: readonly Place[];
}

/** How many places are remembered. */
export const MOST_RECENT = 8;
const KEY = 'search-places';
const NONE: Kept = { recent: [], pinned: [] };

const same = (a: Place, b: Place) => a.kind === b.kind && a.id === b.id && a.name === b.name;
const without = (all: readonly Place[], one: Place) => all.filter((each) => !same(each, one));

function read(): Kept {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Kept | null;
    return Array.isArray(kept?.recent) && Array.isArray(kept.pinned) ? kept : NONE;
  } catch {
    return NONE;
  }
}

const store = createStore<Kept>(read());

function keep(next: Kept): void {
  store.set(next);
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // Storage may be forbidden: what was opened is then known until the next reload.
  }
}

/** Places that were opened last, and those that were pinned, in this browser. */
export const places = {
  get: store.get,
  subscribe: store.subscribe,

  open(place: Place): void {
    const { recent, pinned } = store.get();
    keep({ recent: [place, ...without(recent, place)].slice(0, MOST_RECENT), pinned });
  },

  /** Pins, or takes the pin away. */
  pin(place: Place): void {
    const { recent, pinned } = store.get();
    const rest = without(pinned, place);
    keep({ recent, pinned: rest.length < pinned.length ? rest : [place, ...rest] });
  },

  isPinned: (place: Place): boolean => store.get().pinned.some((each) => same(each, place)),

  /** Another person's places are theirs. */
  forget: (): void => keep(NONE),
};
