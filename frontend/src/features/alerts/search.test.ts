import { expect, test } from 'vitest';
import { alert } from '@/testing/fixtures';
import { type AlertFilter, matches, precedes, readAlertsSearch, toCountQuery, toQuery } from './search';

const NOW = Date.parse('2026-01-31T10:00:00Z');
const later = '2026-01-31T11:00:00Z';
const filter = (part: Partial<AlertFilter> = {}): AlertFilter => ({ status: 'unresolved', ...part });

test('the queue is asked for in the server’s order, without what is put off', () => {
  expect(toQuery(filter())).toEqual({ sort: 'rank', snoozed: false });
  expect(toQuery(filter({ snoozed: true, assignee: 'me' }))).toEqual({
    sort: 'rank',
    snoozed: true,
    assignee: 'me',
  });
  expect(toQuery(filter({ status: 'resolved', account: 'a' }))).toEqual({
    status: 'resolved',
    account_id: 'a',
  });
});

test('a column is the order in every view, and what is put off stays out of work', () => {
  expect(toQuery(filter({ sort: '-amount', country: 'DE', amount: 100 }))).toEqual({
    sort: '-amount',
    snoozed: false,
    country: 'DE',
    min_amount: 100,
  });
  expect(toQuery(filter({ status: 'resolved', sort: 'country' }))).toEqual({
    status: 'resolved',
    sort: 'country',
  });
});

test('counts are asked for with every filter but the status and the order', () => {
  const wanted = filter({
    status: 'resolved',
    sort: 'amount',
    level: 'HIGH',
    counterparty: 'shop',
    country: 'DE',
    assignee: 'me',
  });
  expect(toCountQuery(wanted)).toEqual({
    snoozed: false,
    min_level: 'HIGH',
    counterparty_id: 'shop',
    country: 'DE',
    assignee: 'me',
  });
});

test.each([
  [{ rank: 2 }, {}, true],
  [{ base_amount: 5 }, { sort: '-amount' as const }, true],
  [{ base_amount: null }, { sort: '-amount' as const }, false],
  [{ base_amount: null }, { sort: 'amount' as const }, true],
  [{ country: 'AT' }, { sort: 'country' as const }, true],
  [{ country: 'AT' }, { sort: '-country' as const }, false],
  [{ counterparty_id: 'z' }, { sort: '-counterparty_id' as const }, true],
  [{ opened_at: '2026-02-01T00:00:00Z' }, { status: 'all' as const }, true],
])('%j stands above the last that is listed in %j: %s', (part, wanted, expected) => {
  const last = alert('last', { base_amount: 1, country: 'DE', counterparty_id: 'm', rank: 1 });
  expect(precedes({ ...last, ...part }, last, filter(wanted))).toBe(expected);
});

test.each([
  [{}, {}, true],
  [{ status: 'resolved' as const }, {}, false],
  [{ snoozed_until: later }, {}, false],
  [{ snoozed_until: later }, { snoozed: true as const }, true],
  [{ snoozed_until: '2026-01-31T09:00:00Z' }, {}, true],
  [{ snoozed_until: later }, { status: 'all' as const }, true],
  [{ level: 'MEDIUM' as const }, { level: 'HIGH' as const }, false],
  [{ level: 'CRITICAL' as const }, { level: 'HIGH' as const }, true],
  [{ assignee: 'ana@example.com' }, { assignee: 'me' as const }, true],
  [{ assignee: 'ben@example.com' }, { assignee: 'me' as const }, false],
  [{}, { assignee: 'nobody' as const }, true],
  [{ breached: false }, { breached: true as const }, false],
  [{ account_id: 'account-2' }, { account: 'account-1' }, false],
  [{ country: 'DE' }, { country: 'AT' }, false],
  [{ country: 'AT' }, { country: 'AT' }, true],
  [{ counterparty_id: 'shop' }, { counterparty: 'other' }, false],
  [{ base_amount: 99 }, { amount: 100 }, false],
  [{ base_amount: 100 }, { amount: 100 }, true],
])('%j in %j: %s', (part, wanted, expected) => {
  expect(matches(alert('a', part), filter(wanted), 'ana@example.com', NOW)).toBe(expected);
});

test('an address says what it may say, and nothing else', () => {
  const said = {
    status: 'open',
    level: 'LOW',
    assignee: 'someone',
    breached: 'yes',
    snoozed: true,
    alert: 7,
    country: 'nowhere',
    amount: -1,
    sort: 'reason',
    x: 1,
  };
  expect(readAlertsSearch(said)).toEqual({ status: 'open', snoozed: true, alert: '7' });
  expect(readAlertsSearch({ status: 'unresolved' })).toEqual({});
  expect(readAlertsSearch({ country: 'de', amount: 100, sort: '-amount' })).toEqual({
    country: 'DE',
    amount: 100,
    sort: '-amount',
  });
});

test('a decision narrows the list, the counts and what the socket brings', () => {
  const declined = filter({ decision: 'decline' });
  expect(readAlertsSearch({ decision: 'decline' })).toEqual({ decision: 'decline' });
  expect(readAlertsSearch({ decision: 'refuse' })).toEqual({});
  expect(toQuery(declined)).toMatchObject({ decision: 'decline' });
  expect(toCountQuery(declined)).toMatchObject({ decision: 'decline' });
  expect(matches(alert('a', { decision: 'decline' }), declined, null, NOW)).toBe(true);
  expect(matches(alert('a', { decision: 'review' }), declined, null, NOW)).toBe(false);
});
