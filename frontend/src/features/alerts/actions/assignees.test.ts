import { expect, test } from 'vitest';
import type { Assignee } from '@/shared/api/types';
import { alert } from '@/testing/fixtures';
import { choices, holder } from './assignees';

const ME = 'ana@example.com';
const PEOPLE: Assignee[] = [
  { id: '1', email: ME, role: 'analyst' },
  { id: '2', email: 'ben@example.com', role: 'analyst' },
  { id: '3', email: 'root@example.com', role: 'admin' },
];
const emails = (...args: Parameters<typeof choices>) => choices(...args).map(({ email }) => email);

test('colleagues are offered first, oneself and nobody last, and never who has it', () => {
  expect(emails(PEOPLE, [alert('a')], ME, '')).toEqual(['ben@example.com', 'root@example.com', ME]);
  const bens = alert('a', { assignee: 'ben@example.com' });
  expect(emails(PEOPLE, [bens], ME, '')).toEqual(['root@example.com', ME, null]);
  expect(emails(PEOPLE, [bens, alert('b')], ME, '')).toEqual([
    'ben@example.com',
    'root@example.com',
    ME,
    null,
  ]);
});

test('they are found by some of their address, by their role, and by "you" and "nobody"', () => {
  const several = [alert('a', { assignee: 'ben@example.com' }), alert('b')];
  expect(emails(PEOPLE, several, ME, 'BEN')).toEqual(['ben@example.com']);
  expect(emails(PEOPLE, several, ME, 'admin exam')).toEqual(['root@example.com']);
  expect(emails(PEOPLE, several, ME, 'you')).toEqual([ME]);
  expect(emails(PEOPLE, several, ME, 'nob')).toEqual([null]);
  expect(emails(PEOPLE, several, ME, 'zzz')).toEqual([]);
});

test('who has alerts is known if one has them all', () => {
  expect(holder([alert('a')])).toBeNull();
  expect(holder([alert('a', { assignee: ME }), alert('b', { assignee: ME })])).toBe(ME);
  expect(holder([alert('a', { assignee: ME }), alert('b')])).toBeUndefined();
});
