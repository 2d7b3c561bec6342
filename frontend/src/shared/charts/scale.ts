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

export interface Scale {
  /** 0 at the foot of the axis, 1 at its end. */
  at: (value: number) => number;
  ticks: readonly number[];
}

/** An axis of counts in even steps, all of them whole. */
export function evenScale(most: number): Scale {
  const end = roundUp(most);
  return { at: (value) => value / end, ticks: [0, 1, 2, 3, 4].map((part) => (end * part) / 4) };
}

/** An axis of counts whose steps are tens, so that a handful shows beside thousands; 0 stands at its foot. */
export function tensScale(most: number): Scale {
  const powers = Math.max(1, Math.ceil(Math.log10(Math.max(1, most))));
  const height = Math.log10(10 ** powers + 1);
  const step = Math.max(1, Math.ceil(powers / 4));
  // 1 stands so near to 0 on a high axis that the two would touch.
  const least = powers > 2 ? 1 : 0;
  const ticks = Array.from({ length: powers + 1 }, (_, i) => i).filter((i) => i >= least && i % step === 0);
  return { at: (value) => Math.log10(value + 1) / height, ticks: [0, ...ticks.map((power) => 10 ** power)] };
}

/** The ends of an axis of bars at `x`, each as wide as a step and standing to the right of where it begins. */
export function withLastBar(x: ArrayLike<number>, least: number, most: number): [number, number] {
  const at = Array.from(x);
  const steps = at.slice(1).map((each, i) => each - (at[i] ?? each));
  return [least, most + (steps.length > 0 ? Math.min(...steps) : 1)];
}
