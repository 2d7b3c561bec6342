const FIRST = 500;
const LONGEST = 30_000;

/**
 * Milliseconds to wait before attempt `failures` (1 after the first failure): doubling up to 30 s, of which a
 * random half is taken off, so that browsers cut off together do not come back together.
 */
export function backoff(failures: number, random: () => number = Math.random): number {
  const full = Math.min(LONGEST, FIRST * 2 ** Math.max(0, failures - 1));
  return full / 2 + (full / 2) * random();
}
