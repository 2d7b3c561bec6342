/** What a typed text is worth; NaN if it is no number. Both decimal marks are taken. */
export function numberOf(text: string): number {
  const plain = text.trim().replace(',', '.');
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : Number.NaN;
}

/** `value` moved by `step`, with no more places than either has. */
export function stepped(value: number, step: number): string {
  const places = Math.max(...[value, step].map((each) => (String(each).split('.')[1] ?? '').length));
  return String(Number((value + step).toFixed(places)));
}
