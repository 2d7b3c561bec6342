import { expect, test } from 'vitest';
import { assessment } from '@/testing/fixtures';
import { distribution, onPowers, quantile } from './distribution';

const paid = (sequence: number, amount: string, part = {}) =>
  assessment(sequence, { amount, currency: 'EUR', ...part });
const event = paid(1, '100');

test('an amount lies among the account’s others of its kind and currency', () => {
  const others = [paid(2, '10'), paid(3, '20'), paid(4, '30'), paid(5, '400')];
  const strange = [paid(6, '1', { currency: 'USD' }), paid(7, '1', { event_type: 'trade' }), assessment(8)];
  const found = distribution(event, [event, ...others, ...strange]);
  expect(found).toMatchObject({ others: [10, 20, 30, 400], median: 25, above: 0.75 });
});

test('too few others say nothing', () => {
  expect(distribution(event, [event, paid(2, '10'), paid(3, '20')])).toBeNull();
  expect(distribution(assessment(1), [paid(2, '1'), paid(3, '1'), paid(4, '1')])).toBeNull();
});

test('quantiles lie between the values', () => {
  expect([0, 0.5, 0.75, 1].map((share) => quantile([1, 2, 3], share))).toEqual([1, 2, 2.5, 3]);
});

test('on a scale of powers ten times is always the same way', () => {
  expect(onPowers(10, 1, 100)).toBeCloseTo(0.5);
  expect(onPowers(5, 5, 5)).toBe(0.5);
});
