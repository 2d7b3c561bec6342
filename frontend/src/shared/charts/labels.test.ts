import { expect, test } from 'vitest';
import { apart, distinct, shownLabels } from './labels';
import { timeOnAxis } from './shape';

const wide = (...places: number[]) => places.map((at) => ({ at, width: 40 }));

test('labels that have room stand where they belong', () => {
  expect(apart(wide(60, 150, 240), 0, 300)).toEqual([60, 150, 240]);
});

test('labels whose places are close stand beside each other, and none past an end', () => {
  expect(apart(wide(100, 105, 110), 0, 300)).toEqual([100, 146, 192]);
  expect(apart(wide(280, 285, 299), 0, 300)).toEqual([188, 234, 280]);
  expect(apart(wide(0, 1), 0, 300)).toEqual([20, 66]);
  expect(apart([], 0, 300)).toEqual([]);
});

test('no tick says what the one before it said', () => {
  expect(distinct(['11-23', '11-23', '11-24', '11-24', '11-23'])).toEqual([
    '11-23',
    '',
    '11-24',
    '',
    '11-23',
  ]);
});

test('a time on an axis is as exact as the axis is short', () => {
  const at = Date.parse('2026-01-31T09:30:20Z');
  const over = (minutes: number) => timeOnAxis([at, at + minutes * 60_000])(at);
  expect([over(2), over(60), over(60 * 24 * 7)]).toEqual(['09:30:20', '09:30', '01-31']);
});

test('labels of an axis neither touch each other nor the last, which always stands', () => {
  const at = [10, 60, 90, 200, 250, 296];
  const labels = at.map((middle) => ({ at: middle, width: 48 }));
  const shown = shownLabels(labels);
  expect(shown).toEqual([true, false, true, true, false, true].map((each, i) => (i === 1 ? false : each)));
  const left = labels.filter((_, i) => shown[i]);
  for (const [i, label] of left.entries()) {
    const next = left[i + 1];
    if (next) expect(next.at - label.at).toBeGreaterThanOrEqual(48);
  }
});
