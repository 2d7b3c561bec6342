import { expect, test } from 'vitest';
import { begin, layout, type Sharing, walk } from './graph';

const shared = (value: string, level: 'LOW' | 'CRITICAL' = 'LOW') => ({
  value,
  level,
  events: 2,
  risky: 0,
  last_at: '2026-01-31T09:30:00Z',
});
const device: Sharing = {
  kind: 'device',
  value: 'dv-1',
  events: 9,
  complete: true,
  level: 'CRITICAL',
  kinds: [{ kind: 'account', total: 5_002, items: [shared('ada', 'CRITICAL'), shared('bob')] }],
};
const ada: Sharing = {
  kind: 'account',
  value: 'ada',
  events: 3,
  complete: true,
  level: 'CRITICAL',
  kinds: [{ kind: 'device', total: 2, items: [shared('dv-1'), shared('dv-2')] }],
};

test('thousands are one node that says how many', () => {
  const { nodes, edges } = walk(begin('device', 'dv-1'), { type: 'expand', sharing: device });
  expect(nodes.map(({ value, more }) => [value, more])).toEqual([
    ['dv-1', 0],
    ['ada', 0],
    ['bob', 0],
    ['device dv-1', 5_000],
  ]);
  expect(edges.length).toBe(3);
});

test('a walk goes on from what it met, and draws nothing twice', () => {
  const first = walk(begin('device', 'dv-1'), { type: 'expand', sharing: device });
  const second = walk(first, { type: 'expand', sharing: ada });
  expect(second.nodes.filter(({ value }) => value === 'dv-1').length).toBe(1);
  expect(second.nodes.find(({ value }) => value === 'dv-2')?.depth).toBe(2);
  expect(second.edges.length).toBe(4);
  expect(walk(second, { type: 'expand', sharing: ada })).toEqual(second);
});

test('hidden nodes take their edges with them, and pinned ones stay when it is tidied', () => {
  const grown = walk(begin('device', 'dv-1'), { type: 'expand', sharing: device });
  const hidden = walk(grown, { type: 'hide', key: 'account bob' });
  expect(hidden.edges.some(({ to }) => to === 'account bob')).toBe(false);
  const tidied = walk(walk(grown, { type: 'pin', key: 'account ada' }), { type: 'tidy' });
  expect(tidied.nodes.map(({ key }) => key)).toEqual(['device dv-1', 'account ada']);
});

test('no two nodes of a column overlap', () => {
  const { nodes, height } = layout(walk(begin('device', 'dv-1'), { type: 'expand', sharing: device }));
  const column = nodes.filter(({ depth }) => depth === 1).map(({ y }) => y);
  expect(Math.min(...column.slice(1).map((y, i) => y - (column[i] ?? 0)))).toBeGreaterThanOrEqual(30);
  expect(Math.max(...column)).toBeLessThan(height);
});
