import { expect, test } from 'vitest';
import { alert } from '@/testing/fixtures';
import { deadline } from './deadline';

const NOW = Date.parse('2026-01-31T10:00:00Z');
const due = (minutes: number) => ({ due_at: new Date(NOW + minutes * 60_000).toISOString() });

test.each([
  [due(90), 'due', 'in 1 h'],
  [due(12), 'due', 'in 12 min'],
  [due(4), 'near', 'in 4 min'],
  [due(-4), 'missed', '4 min overdue'],
  [{ due_at: null }, 'none', ''],
  [{ ...due(-4), status: 'resolved' as const, breached: true }, 'missed', 'missed'],
  [{ ...due(-4), status: 'resolved' as const }, 'none', ''],
])('%j is %s, %s', (part, state, words) => {
  expect(deadline(alert('a', part), NOW)).toMatchObject({ state, words });
});

test('a deadline that passes while one looks is missed before the server says so', () => {
  expect(deadline(alert('a', { ...due(-1), breached: false }), NOW).breached).toBe(true);
  expect(deadline(alert('a', { ...due(30), breached: true }), NOW)).toMatchObject({
    state: 'due',
    breached: true,
  });
});
