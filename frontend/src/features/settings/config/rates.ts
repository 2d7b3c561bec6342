import type { Policy } from './draft';

export type Exchange = NonNullable<Policy['exchange']>;

const LINE = /^([A-Z][A-Z0-9]{2,11})\s+(\d{4}-\d{2}-\d{2})\s+(\d+(?:[.,]\d+)?)$/;

/** Rates as lines to edit: `INR 2026-01-01 105`, by currency and day. */
export const ratesText = ({ rates }: Exchange): string =>
  [...rates]
    .sort((a, b) => a.currency.localeCompare(b.currency) || a.since.localeCompare(b.since))
    .map(({ currency, since, per_base }) => `${currency} ${since} ${Number(per_base)}`)
    .join('\n');

/** The rates that lines say, or what is wrong with the first that says none. */
export function readRates(text: string): Exchange['rates'] | string {
  const rates: Exchange['rates'] = [];
  for (const [at, line] of text.split('\n').entries()) {
    if (!line.trim()) continue;
    const [, currency, since, value] = LINE.exec(line.trim().toUpperCase()) ?? [];
    if (!currency || !since || !value || Number.isNaN(Date.parse(since)))
      return `Line ${at + 1} is no rate: write a currency, a day and a number, such as INR 2026-01-31 104.85.`;
    if (rates.some((each) => each.currency === currency && each.since === since))
      return `Line ${at + 1}: ${currency} has a rate of ${since} already.`;
    rates.push({ currency, since, per_base: value.replace(',', '.') });
  }
  return rates;
}
