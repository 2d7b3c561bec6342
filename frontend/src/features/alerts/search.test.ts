import { expect, test } from 'vitest';
import { alert } from '@/testing/fixtures';
import { type AlertFilter, matches, readAlertsSearch, toQuery } from './search';

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
    x: 1,
  };
  expect(readAlertsSearch(said)).toEqual({ status: 'open', snoozed: true, alert: '7' });
  expect(readAlertsSearch({ status: 'unresolved' })).toEqual({});
});
