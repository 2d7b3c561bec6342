import { expect, test } from 'vitest';
import { atLeast, boundsProblem, moveEdge } from './draft';

const AT = { low: 0.3, medium: 0.5, high: 0.8 };

test('a bound that is moved over another takes it along', () => {
  expect(moveEdge(AT, 'low', 0.6)).toEqual({ low: 0.6, medium: 0.61, high: 0.8 });
  expect(moveEdge(AT, 'high', 0.2)).toEqual({ low: 0.18, medium: 0.19, high: 0.2 });
  expect(moveEdge(AT, 'medium', 0.55)).toEqual({ ...AT, medium: 0.55 });
});

test('the bounds stay between 0 and 1, strictly rising', () => {
  for (const edge of ['low', 'medium', 'high'] as const) {
    for (const to of [-1, 0, 0.5, 1, 2]) {
      const { low, medium, high } = moveEdge(AT, edge, to);
      expect(0 < low && low < medium && medium < high && high < 1).toBe(true);
    }
  }
});

test('bounds that are typed are judged, and not moved', () => {
  expect(boundsProblem(AT)).toBeNull();
  expect(boundsProblem({ ...AT, medium: 0.95 })).toBe(
    'Critical has to begin above High, which begins at 0.95.',
  );
  expect(boundsProblem({ ...AT, low: 0.5 })).toBe('High has to begin above Medium, which begins at 0.5.');
  expect(boundsProblem({ ...AT, high: Number.NaN })).toBe('Each bound is a number between 0 and 1.');
});

test('events are counted from a level upwards', () => {
  const counts = { LOW: 10, MEDIUM: 4, HIGH: 2, CRITICAL: 1 };
  expect(atLeast(counts, 'HIGH')).toBe(3);
  expect(atLeast(counts, 'LOW')).toBe(17);
});
