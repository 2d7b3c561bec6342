import contracts from '@/shared/api/contracts.json';

const formats = new Map<string, Intl.NumberFormat>();

function format(currency: string, digits: number): Intl.NumberFormat {
  const key = `${currency}:${digits}`;
  let found = formats.get(key);
  if (!found) {
    found = new Intl.NumberFormat(undefined, {
      style: 'currency',
      currency,
      currencyDisplay: 'code',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    formats.set(key, found);
  }
  return found;
}

/** How many places the currency's minor unit has: as the server's texts have it, not as this browser believes. */
const minorUnit = (currency: string): number =>
  (contracts.minorUnits as Readonly<Record<string, number>>)[currency] ?? 2;

const plain = new Intl.NumberFormat(undefined, { maximumFractionDigits: 6 });

export interface Money {
  number: string;
  currency: string | null;
}

/**
 * An amount as the server sends it, a decimal in text, in the user's notation and apart from its currency, so
 * that a column of numbers lines up. Digits beyond the currency's own are kept when they say something.
 */
export function money(amount: string, currency: string | null | undefined): Money {
  const decimals = amount.replace(/0+$/, '').split('.')[1]?.length ?? 0;
  // Intl takes the text itself, so that no digit is lost to a float.
  const exact = amount as unknown as number;
  if (!currency) return { number: plain.format(exact), currency: null };
  const parts = format(currency, Math.max(decimals, minorUnit(currency))).formatToParts(exact);
  const number = parts
    .filter(({ type }) => type !== 'currency' && type !== 'literal')
    .map(({ value }) => value)
    .join('');
  return { number, currency };
}

/** An amount in a sentence: `12.50 EUR`. */
export function moneyText(amount: string, currency: string | null | undefined): string {
  const shown = money(amount, currency);
  return shown.currency ? `${shown.number} ${shown.currency}` : shown.number;
}
