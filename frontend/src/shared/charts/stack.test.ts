import { expect, test } from 'vitest';
import { axisEnd, roundUp } from './scale';
import { stack } from './stack';

test('each bar stands on the ones below it', () => {
  expect(stack([[1], [2], [3], [10]])).toEqual([[16], [15], [13], [10]]);
});

test('a series that is switched off leaves no hole, and an unknown value stands for none', () => {
  expect(stack([[1], [null], [2]])).toEqual([[3], [2], [2]]);
});

test('an axis of counts ends at a round number that holds the tallest bar', () => {
  expect([0, 4, 5, 17, 41, 500].map(roundUp)).toEqual([4, 4, 8, 20, 80, 800]);
});

test('an axis of measures ends at a round number that holds the largest, and 1 when there is none', () => {
  expect([0, 0.03, 0.2, 0.21, 1, 7, 26, 1000].map(axisEnd)).toEqual([1, 0.05, 0.2, 0.25, 1, 10, 50, 1000]);
});
