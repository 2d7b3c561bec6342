import { expect, test } from 'vitest';
import { axisEnd, evenScale, roundUp, tensScale } from './scale';
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

test('an even axis holds its largest value, and one of tens shows one beside ten thousand', () => {
  expect(evenScale(2).ticks).toEqual([0, 1, 2, 3, 4]);
  expect(evenScale(7).ticks).toEqual([0, 2, 4, 6, 8]);
  const tens = tensScale(10_000);
  expect(tens.ticks).toEqual([0, 10, 100, 1_000, 10_000]);
  expect([tens.at(0), tens.at(10_000)]).toEqual([0, 1]);
  expect(tens.at(1)).toBeGreaterThan(0.05);
  expect(tensScale(0).ticks).toEqual([0, 1, 10]);
});
