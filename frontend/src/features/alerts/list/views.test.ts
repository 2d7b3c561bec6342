import { expect, test } from 'vitest';
import { MOST_VIEWS, readViews, removeView, sameFilter, saveView } from './views';

test('a view is kept under its name, once', () => {
  const one = saveView([], { name: ' night ', filter: { level: 'CRITICAL', status: 'unresolved' } });
  expect(one).toEqual([{ name: 'night', filter: { level: 'CRITICAL' } }]);
  const two = saveView(one, { name: 'night', filter: { assignee: 'me' } });
  expect(two).toEqual([{ name: 'night', filter: { assignee: 'me' } }]);
  expect(removeView(two, 'night')).toEqual([]);
});

test('what storage has may be anything', () => {
  expect(readViews(null)).toEqual([]);
  expect(readViews('{')).toEqual([]);
  expect(readViews('{"name":"x"}')).toEqual([]);
  expect(
    readViews('[null, 1, {"name":""}, {"name":"x","filter":{"status":"nonsense","breached":true}}]'),
  ).toEqual([{ name: 'x', filter: { breached: true } }]);
  expect(readViews(JSON.stringify(Array(50).fill({ name: 'x', filter: {} }))).length).toBe(MOST_VIEWS);
});

test('two ways to say a filter are one', () => {
  expect(sameFilter({}, { status: 'unresolved' })).toBe(true);
  expect(sameFilter({ assignee: 'me' }, {})).toBe(false);
});

test('a view of another decision is another view', () => {
  expect(sameFilter({ decision: 'decline' }, { decision: 'review' })).toBe(false);
});
