import { expect, test } from 'vitest';
import { ratesText, readRates } from './rates';

test('rates are read as they are shown', () => {
  const rates = [
    { currency: 'INR', since: '2026-06-01', per_base: '104.85' },
    { currency: 'USD', since: '2026-01-01', per_base: '1.17' },
  ];
  const text = ratesText({ base: 'EUR', rates: [...rates].reverse() });
  expect(text).toBe('INR 2026-06-01 104.85\nUSD 2026-01-01 1.17');
  expect(readRates(text)).toEqual(rates);
});

test('a whole rate keeps its zeros, and a comma is a decimal mark', () => {
  expect(
    ratesText({ base: 'EUR', rates: [{ currency: 'KRW', since: '2026-01-01', per_base: '1700' }] }),
  ).toBe('KRW 2026-01-01 1700');
  expect(readRates('usd 2026-01-01 1,17')).toEqual([
    { currency: 'USD', since: '2026-01-01', per_base: '1.17' },
  ]);
});

test('a line that is no rate is told by its number', () => {
  expect(readRates('USD 2026-01-01 1.17\nINR yesterday 5')).toContain('Line 2 is no rate');
  expect(readRates('USD 2026-01-01 1\nUSD 2026-01-01 2')).toContain(
    'Line 2: USD has a rate of 2026-01-01 already',
  );
});
