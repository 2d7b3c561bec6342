import { expect, test } from 'vitest';
import type { Hit } from '@/shared/entities/kinds';
import { itemsFor } from './paletteItems';

const hit = (id: string, match: Hit['match']): Hit => ({
  kind: 'device',
  id,
  name: id,
  match,
  detail: null,
  level: null,
});
const place = (id: string) => ({ kind: 'device', id, name: id });
const command = { id: 'go', group: 'Go to', name: 'Device', run: () => undefined };

test('pinned and recent places come first, then exact matches, commands, and the rest; nothing twice', () => {
  const items = itemsFor(
    'dv',
    [hit('dv', 'exact'), hit('dv-1', 'prefix'), hit('dv-2', 'prefix')],
    [command],
    {
      pinned: [place('dv-2')],
      recent: [place('dv-3'), place('other')],
    },
  );
  expect(items.map((item) => item.place?.id ?? item.command?.id)).toEqual([
    'dv-2',
    'dv-3',
    'dv',
    'go',
    'dv-1',
  ]);
});

test('without a text all that was pinned or opened is offered above the commands', () => {
  const items = itemsFor('', [], [command], { pinned: [], recent: [place('a'), place('b')] });
  expect(items.map((item) => item.place?.id ?? item.command?.id)).toEqual(['a', 'b', 'go']);
});
