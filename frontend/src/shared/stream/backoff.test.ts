import { expect, test } from 'vitest';
import { backoff } from './backoff';

test('waits double with each failure and never exceed thirty seconds', () => {
  const longest = (failures: number) => backoff(failures, () => 1);
  expect([1, 2, 3, 4].map(longest)).toEqual([500, 1000, 2000, 4000]);
  expect(longest(50)).toBe(30_000);
});

test('half of a wait is random, so that clients do not return together', () => {
  expect(backoff(3, () => 0)).toBe(1000);
  expect(backoff(3, () => 0.5)).toBe(1500);
});
