import { expect, test } from 'vitest';
import type { Contributions } from '@/shared/api/types';
import { stairs } from './waterfall';

const part = (name: string, points: number) => ({
  kind: 'feature' as const,
  name,
  text: name,
  value: 1,
  unit: 'events',
  points,
});
const found = (parts: Contributions['parts'], part: Partial<Contributions> = {}): Contributions => ({
  event_source: 'stream',
  event_id: 'event-1',
  scorer: 'model-1',
  exact: true,
  base: -4,
  parts,
  total: -4 + parts.reduce((sum, each) => sum + each.points, 0),
  score: 0.5,
  level: 'MEDIUM',
  ...part,
});

test('each part starts where the one before it ended, and the last ends at the score', () => {
  const steps = stairs(found([part('a', 3), part('b', -1)]));
  expect(steps.map(({ from, to }) => [from, to])).toEqual([
    [0, -4],
    [-4, -1],
    [-1, -2],
    [0, -2],
  ]);
});

test('the smaller parts are one, which makes up the rest', () => {
  const steps = stairs(found([part('a', 3), part('b', 2), part('c', 1), part('d', 0.5)]), 2);
  const rest = steps.find(({ kind }) => kind === 'rest');
  expect(rest).toMatchObject({ name: '2 smaller ones together', points: 1.5, from: 1, to: 2.5 });
});

test('what a bound of the score swallows is told', () => {
  const rest = stairs(found([part('a', 3)], { total: -2 })).find(({ kind }) => kind === 'rest');
  expect(rest?.points).toBeCloseTo(-1);
});
