import type { AlignedData } from 'uplot';
import type { RiskLevel } from '@/shared/api/types';
import type { Minute } from './minutes';

/**
 * Times in seconds, then for each level (topmost first) the height of the top of its bar: its count and all
 * counts under it. A bar's foot is the top of the one after it.
 */
export function stack(minutes: readonly Minute[], levels: readonly RiskLevel[]): AlignedData {
  const times = minutes.map((minute) => minute.start / 1000);
  const tops = levels.map((_, top) =>
    minutes.map((minute) => levels.slice(top).reduce((sum, level) => sum + minute[level], 0)),
  );
  return [times, ...tops];
}

/** The first of 1, 2, 5, 10, 20, … times four that holds `value`, so that the axis rarely moves. */
export function roundUp(value: number): number {
  for (let unit = 1; ; unit *= 10) {
    for (const step of [1, 2, 5]) if (4 * step * unit >= value) return 4 * step * unit;
  }
}
