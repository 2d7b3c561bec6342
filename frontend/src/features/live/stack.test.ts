import { expect, test } from 'vitest';
import { roundUp, stack } from './stack';

const minutes = [{ start: 60_000, LOW: 10, MEDIUM: 3, HIGH: 2, CRITICAL: 1 }];

test('each bar stands on the ones below it', () => {
  expect(stack(minutes, ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'])).toEqual([[60], [16], [15], [13], [10]]);
});

test('a level that is switched off leaves no hole', () => {
  expect(stack(minutes, ['CRITICAL', 'HIGH'])).toEqual([[60], [3], [2]]);
});

test('the axis ends at a round number that holds the tallest bar', () => {
  expect([0, 4, 5, 17, 41, 500].map(roundUp)).toEqual([4, 4, 8, 20, 80, 800]);
});
