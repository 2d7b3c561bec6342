import { expect, test } from 'vitest';
import type { Alert } from '@/shared/api/types';
import { alert } from '@/testing/fixtures';
import { overlay } from './overlay';

const listed = [
  alert('b', { opened_at: '2026-01-31T10:00:00Z' }),
  alert('a', { opened_at: '2026-01-31T09:00:00Z' }),
];
const updates = (...alerts: Alert[]) => new Map(alerts.map((each) => [each.id, each]));
const ids = (alerts: Alert[]) => alerts.map((each) => each.id);

test('an alert that no longer matches keeps its place, with its new status', () => {
  const changed = alert('b', { version: 2, status: 'acknowledged', opened_at: '2026-01-31T10:00:00Z' });
  const { alerts } = overlay(listed, updates(changed), { status: 'open' });
  expect(ids(alerts)).toEqual(['b', 'a']);
  expect(alerts[0]?.status).toBe('acknowledged');
});

test('a new alert is counted and not put in', () => {
  const fresh = alert('c', { opened_at: '2026-01-31T11:00:00Z' });
  const { alerts, arrivals } = overlay(listed, updates(fresh), { status: 'open' });
  expect(ids(alerts)).toEqual(['b', 'a']);
  expect(arrivals).toBe(1);
});

test('one that the filter leaves out is no arrival', () => {
  const later = { opened_at: '2026-01-31T11:00:00Z' };
  const others = updates(
    alert('c', { ...later, status: 'resolved' }),
    alert('d', { ...later, level: 'MEDIUM' }),
    alert('e', { ...later, account_id: 'account-2' }),
  );
  expect(overlay(listed, others, { status: 'open', level: 'HIGH', account: 'account-1' }).arrivals).toBe(0);
});

test('an update to an alert on a later page is no arrival', () => {
  const older = alert('z', { version: 4, opened_at: '2026-01-30T09:00:00Z' });
  expect(overlay(listed, updates(older), { status: 'open' }).arrivals).toBe(0);
});

test('what was fetched is newer than what the socket brought before', () => {
  const fetched = [alert('b', { version: 3, status: 'resolved' })];
  const { alerts } = overlay(fetched, updates(alert('b', { version: 2 })), { status: 'all' });
  expect(alerts[0]?.status).toBe('resolved');
});
