import { beforeEach, expect, test } from 'vitest';
import { MOST_RECENT, places } from './places';

const place = (id: string) => ({ kind: 'device', id, name: id });

beforeEach(() => places.forget());

test('what was opened last stands first, once, and not for ever', () => {
  for (let i = 0; i < MOST_RECENT + 3; i++) places.open(place(`dv-${i}`));
  places.open(place('dv-5'));
  const { recent } = places.get();
  expect(recent.length).toBe(MOST_RECENT);
  expect(recent[0]?.id).toBe('dv-5');
  expect(new Set(recent.map(({ id }) => id)).size).toBe(MOST_RECENT);
});

test('a pin stays when other places are opened, until it is taken away', () => {
  places.pin(place('dv-1'));
  for (let i = 2; i < 20; i++) places.open(place(`dv-${i}`));
  expect(places.isPinned(place('dv-1'))).toBe(true);
  places.pin(place('dv-1'));
  expect(places.get().pinned).toEqual([]);
});
