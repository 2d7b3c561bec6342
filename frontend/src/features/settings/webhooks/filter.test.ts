import { expect, test } from 'vitest';
import { filterWords, readFilter } from './FilterFields';

const form = (fields: Record<string, string>): FormData => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  return data;
};

test('what stands in the fields is read as conditions, each value once', () => {
  const filter = readFilter(
    form({ event_types: 'payment, login payment', countries: 'de;at\nde', min_amount: ' 1000 ' }),
    'HIGH',
  );
  expect(filter).toEqual({
    min_level: 'HIGH',
    event_types: ['payment', 'login'],
    countries: ['DE', 'AT'],
    min_amount: 1000,
  });
  expect(filterWords(filter, 'EUR')).toBe('High and above, payment or login, in DE or AT, from 1000 EUR');
});

test('empty fields are no conditions', () => {
  const filter = readFilter(form({ event_types: ' ', countries: '', min_amount: '' }), 'LOW');
  expect(filter).toEqual({ min_level: null, event_types: [], countries: [], min_amount: null });
  expect(filterWords(filter, 'EUR')).toBe('All alerts');
});
