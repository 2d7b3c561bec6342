import { expect, test } from 'vitest';
import { numberOf, stepped } from './numberText';

test('a number is read as it is typed, with either decimal mark', () => {
  expect(['0.95', '0,95', ' .5 ', '1.', '1e-9', '-3'].map(numberOf)).toEqual([0.95, 0.95, 0.5, 1, 1e-9, -3]);
});

test('what is on its way to a number is none', () => {
  expect(['', '-', '.', '0.9x', '1.2.3', 'NaN', 'Infinity'].map(numberOf)).toEqual(Array(7).fill(Number.NaN));
});

test('a step leaves no noise behind the last place', () => {
  expect(stepped(0.1, 0.2)).toBe('0.3');
  expect(stepped(0.955, -0.01)).toBe('0.945');
});
