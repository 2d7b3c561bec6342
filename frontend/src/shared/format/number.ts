const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const three = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 4 });

export const count = (value: number): string => whole.format(value);

/** A rate: one decimal below 100, none above. */
export const rate = (value: number): string => (value < 100 ? short : whole).format(value);

/** A measured value, to four significant digits. */
export const measure = (value: number): string =>
  Math.abs(value) >= 1000 ? short.format(value) : three.format(value);

/** A score, always two decimals; a score below 1 never reads 1.00, nor above 0 as 0.00. */
export function score(value: number): string {
  const shown = value < 1 ? Math.min(value, 0.99) : value;
  return (shown > 0 ? Math.max(shown, 0.01) : shown).toFixed(2);
}

/** `1 event`, `2 events`. */
export const plural = (n: number, one: string, many = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : many}`;
