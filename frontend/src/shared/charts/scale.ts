/** The first of 1, 2, 5, 10, 20, … times four that holds `value`, so that an axis of counts rarely moves. */
export function roundUp(value: number): number {
  for (let unit = 1; ; unit *= 10) {
    for (const step of [1, 2, 5]) if (4 * step * unit >= value) return 4 * step * unit;
  }
}

/** The first of 1, 2, 2.5, 5 times a power of ten that holds `value`: the end of an axis of anything measured. */
export function axisEnd(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 2.5, 5, 10].find((step) => step * power >= value * (1 - 1e-9)) ?? 10);
}

/** `count` + 1 ticks from 0 to `end`. */
export const ticks = (end: number, count = 4): number[] =>
  Array.from({ length: count + 1 }, (_, i) => (end * i) / count);
