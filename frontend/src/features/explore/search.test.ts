import { expect, test } from 'vitest';
import { historyQuery, readExploreSearch } from './search';

test('an address keeps what means something, and only that', () => {
  const said = {
    level: 'HIGH',
    decision: 'decline',
    overturned: true,
    type: 'payment',
    account: 42,
    score: '0.7',
    span: 'week',
    event: 'e',
    sort: '-score',
    other: 1,
  };
  expect(readExploreSearch(said)).toEqual({
    level: 'HIGH',
    decision: 'decline',
    overturned: true,
    type: 'payment',
    account: '42',
    score: 0.7,
    span: 'week',
    event: 'e',
    sort: '-score',
  });
  const nonsense = {
    level: 'LOW',
    decision: 'refuse',
    type: 'Gift card',
    score: '7',
    span: 'year',
    from: 'soon',
    account: '',
    sort: '-amount',
  };
  expect(readExploreSearch(nonsense)).toEqual({});
});

test('a span that ends now leaves no room for other times', () => {
  const from = '2026-01-31T09:30:00.000Z';
  expect(readExploreSearch({ span: 'day', from })).toEqual({ span: 'day' });
  expect(readExploreSearch({ from: '2026-01-31T10:30+01:00' })).toEqual({ from });
});

test('the API is asked in its own words', () => {
  const now = Date.parse('2026-01-31T09:30:00Z');
  expect(
    historyQuery(
      { level: 'HIGH', decision: 'decline', overturned: true, span: 'hour', counterparty: 'shop' },
      now,
    ),
  ).toEqual({
    min_level: 'HIGH',
    decision: 'decline',
    overturned: true,
    from: '2026-01-31T08:30:00.000Z',
    counterparty_id: 'shop',
  });
  expect(historyQuery({}, now)).toEqual({});
});
