const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const two = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const small = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 2 });
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
  return two.format(shown > 0 ? Math.max(shown, 0.01) : shown);
}

/** Two decimals, in the reader's notation. */
export const twoPlaces = (value: number): string => two.format(value);

/** A probability beside the log-odds that it follows from: two decimals, or two digits where these would be none. */
export const probabilityText = (value: number): string =>
  value > 0 && value < 0.01
    ? small.format(value)
    : value < 1 && value > 0.99
      ? `1 − ${small.format(1 - value)}`
      : two.format(value);

/** `1 event`, `2 events`. */
export const plural = (n: number, one: string, many = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : many}`;
