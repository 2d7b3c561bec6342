// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest';
import { session } from './store';

afterEach(() => {
  session.end();
  vi.useRealTimers();
});

test('a refused token ends the session but keeps who it was', () => {
  session.start('one', 'ana@example.com', 60);
  session.expire('one');
  expect(session.get()).toEqual({ status: 'expired', token: null, email: 'ana@example.com' });
  expect(sessionStorage.getItem('session')).toBeNull();
});

test('a late refusal of an old token does not end the new session', () => {
  session.start('one', 'ana@example.com', 60);
  session.start('two', 'ana@example.com', 60);
  session.expire('one');
  expect(session.get().status).toBe('active');
});

test('a session ends when its token does, without asking the server', () => {
  vi.useFakeTimers();
  session.start('one', 'ana@example.com', 60);
  vi.advanceTimersByTime(60_000);
  expect(session.get().status).toBe('expired');
});
