import { expect, test } from 'vitest';
import type { Alert } from '@/shared/api/types';
import { alert } from '@/testing/fixtures';
import { hold, next, overlay, take } from './queue';

const updates = (...alerts: Alert[]) => new Map(alerts.map((each) => [each.id, each]));
const ids = (alerts: readonly Alert[]) => alerts.map((each) => each.id);
const listed = [alert('b'), alert('a')];
const anything = () => true;

test('an alert that no longer matches keeps its place, with its new status', () => {
  const changed = alert('b', { version: 2, status: 'acknowledged' });
  const { alerts, arrivals } = overlay(take(listed), updates(changed), () => false);
  expect(ids(alerts)).toEqual(['b', 'a']);
  expect(alerts[0]?.status).toBe('acknowledged');
  expect(arrivals).toBe(0);
});

test('a new alert is counted and not put in', () => {
  const { alerts, arrivals } = overlay(take(listed), updates(alert('c')), anything);
  expect(ids(alerts)).toEqual(['b', 'a']);
  expect(arrivals).toBe(1);
});

test('what was fetched is newer than what the socket brought before', () => {
  const held = take([alert('b', { version: 3, status: 'resolved' })]);
  const { alerts } = overlay(held, updates(alert('b', { version: 2 })), anything);
  expect(alerts[0]?.status).toBe('resolved');
});

test('a list fetched again moves no row, keeps those that left it, and counts what came above', () => {
  const held = hold(take(listed), [
    alert('c'),
    alert('a', { version: 2, status: 'acknowledged' }),
    alert('d'),
  ]);
  expect(held.ids).toEqual(['b', 'a', 'd']);
  const { alerts, arrivals } = overlay(held, updates(), anything);
  expect(alerts.map(({ status }) => status)).toEqual(['open', 'acknowledged', 'open']);
  expect(arrivals).toBe(1);
});

test('what waits and is dealt with meanwhile waits no longer', () => {
  const held = hold(take(listed), [alert('c'), ...listed]);
  const { arrivals } = overlay(held, updates(alert('c', { version: 2, status: 'resolved' })), () => false);
  expect(arrivals).toBe(0);
});

test('what is taken is in the order of the server', () => {
  expect(take([alert('c'), ...listed]).ids).toEqual(['c', 'b', 'a']);
});

test('from an alert that is done one goes on to the next with work left, at the end back to the last such', () => {
  const rows = [alert('a'), alert('b', { status: 'resolved' }), alert('c'), alert('d')];
  const done = (each: Alert) => each.status === 'resolved';
  expect(next(rows, 0, done)?.id).toBe('c');
  expect(next(rows, 3, done)?.id).toBe('c');
  expect(next([alert('a')], 0, done)).toBeUndefined();
});
