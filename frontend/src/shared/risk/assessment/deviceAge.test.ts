import { expect, test } from 'vitest';
import { deviceAge } from './FactCard';

const features = (value: number | null) => [{ name: 'device_days', unit: 'd', meaning: '', value }];

test.each([
  [null, null],
  [0, 'first use'],
  [0.4, 'less than a day'],
  [41.9, '41 d'],
])('a device that was first used %s days ago: %s', (days, words) => {
  expect(deviceAge({ features: features(days) })).toBe(words);
});

test('nothing is said of a device whose age is not among the features', () => {
  expect(deviceAge({ features: [] })).toBeNull();
});
