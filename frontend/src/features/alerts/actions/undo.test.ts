import { expect, test } from 'vitest';
import type { Alert } from '@/shared/api/types';
import { alert } from '@/testing/fixtures';
import type { Action } from './actions';
import { inverse, MOST_UNDO, type Undo, undoOn, undoReducer } from './undo';

const NOW = Date.parse('2026-01-31T10:00:00Z');
const later = '2026-01-31T11:00:00Z';
const kinds = (action: Action, before: Partial<Alert>, after: Partial<Alert>) =>
  inverse(action, alert('a', before), alert('a', { version: 2, ...after }), NOW);

test('an acknowledgement is taken back, and with it the alert that it made one’s own', () => {
  const action: Action = { kind: 'acknowledge' };
  expect(kinds(action, {}, { status: 'acknowledged', assignee: 'ana' })).toEqual([{ kind: 'undo' }]);
  expect(kinds(action, { assignee: 'ana' }, { status: 'acknowledged', assignee: 'ana' })).toEqual([
    { kind: 'undo' },
  ]);
});

test('a resolution is taken back to where it was resolved from', () => {
  const action: Action = { kind: 'resolve', disposition: 'inconclusive', reason: null, note: '' };
  expect(kinds(action, {}, { status: 'resolved' })).toEqual([{ kind: 'undo' }]);
  expect(kinds(action, { status: 'acknowledged' }, { status: 'resolved' })).toEqual([{ kind: 'undo' }]);
});

test('what was another’s is given back to them', () => {
  const action: Action = { kind: 'assign', assignee: 'me' };
  expect(kinds(action, { assignee: 'ben' }, { assignee: 'ana' })).toEqual([
    { kind: 'assign', assignee: 'ben' },
  ]);
});

test('a snooze is ended, or becomes what it was, unless it has ended by itself', () => {
  const action: Action = { kind: 'snooze', until: later, note: '' };
  expect(kinds(action, {}, { snoozed_until: later })).toEqual([{ kind: 'wake' }]);
  const earlier = '2026-01-31T10:30:00Z';
  expect(kinds(action, { snoozed_until: earlier }, { snoozed_until: later })).toEqual([
    { kind: 'snooze', until: earlier, note: '' },
  ]);
  expect(kinds(action, {}, { snoozed_until: '2026-01-31T09:00:00Z' })).toEqual([]);
  expect(kinds({ kind: 'wake' }, { snoozed_until: later }, {})).toEqual([
    { kind: 'snooze', until: later, note: '' },
  ]);
});

test('a note stays', () => {
  expect(kinds({ kind: 'note', text: 'x' }, {}, { note: 'x' })).toEqual([]);
});

const undo = (what: string): Undo => ({ what, steps: [{ after: alert(what), actions: [{ kind: 'wake' }] }] });

test('the last is taken back first, twenty are remembered, and nothing to take back is none', () => {
  const many = Array.from({ length: MOST_UNDO + 5 }, (_, i) => undo(String(i)));
  const stack = many.reduce(
    (before, each) => undoReducer(before, { type: 'did', undo: each }),
    [] as readonly Undo[],
  );
  expect(stack.length).toBe(MOST_UNDO);
  expect(stack[0]?.what).toBe('24');
  const rest = undoReducer(stack, { type: 'undone', undo: stack[0] as Undo });
  expect(rest[0]?.what).toBe('23');
  expect(undoReducer(rest, { type: 'did', undo: { what: 'nothing', steps: [] } })).toBe(rest);
});

test('an event that joined is no obstacle to undoing, another person is', () => {
  const after = alert('a', { version: 2, status: 'acknowledged' });
  const grown = { ...after, version: 3, event_count: 2, note: 'seen' };
  const taken = { ...after, version: 3, assignee: 'ben' };
  expect(undoOn(after, grown)).toBe(grown);
  expect(undoOn(after, taken)).toBe(after);
});
