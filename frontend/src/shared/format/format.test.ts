import { expect, test } from 'vitest';
import { money } from './money';
import { probabilityText, score } from './number';

/** Separators are the reader's own: only the digits are the same everywhere. */
const digits = (amount: string, currency: string | null) => money(amount, currency).number.replace(/\D/g, '');

test('an amount has the digits of its currency', () => {
  expect(digits('1234.5', 'EUR')).toBe('123450');
  expect(digits('1234', 'JPY')).toBe('1234');
  // ISO 4217 has thousandths here, whatever the browser's data says of them.
  expect(digits('12.5', 'KWD')).toBe('12500');
  expect(digits('12.5', 'IQD')).toBe('12500');
  expect(money('1234', 'JPY').currency).toBe('JPY');
});

test('no digit of a long amount is lost', () => {
  expect(digits('123456789012.123456', 'EUR')).toBe('123456789012123456');
});

test('an amount without a currency stays a number', () => {
  expect(digits('10.50', null)).toBe('105');
  expect(money('10.50', null).currency).toBeNull();
});

test('a score is certain or impossible only when it is', () => {
  expect([0, 0.0001, 0.5, 0.9999, 1].map(score)).toEqual(['0.00', '0.01', '0.50', '0.99', '1.00']);
});

test('a probability says what its log-odds say', () => {
  expect([0, 0.000134, 0.0099, 0.01, 0.5, 1].map(probabilityText)).toEqual([
    '0.00',
    '0.00013',
    '0.0099',
    '0.01',
    '0.50',
    '1.00',
  ]);
});
