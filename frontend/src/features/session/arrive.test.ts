// @vitest-environment jsdom
import { afterEach, expect, test } from 'vitest';
import { session } from '@/shared/session/store';
import { api, apiServer, HttpResponse, http, refusal } from '@/testing/server';
import { arrive } from './arrive';

const server = apiServer();
afterEach(() => session.end());

test('who comes back from the identity provider is signed in', async () => {
  server.use(
    http.post(api('auth/refresh'), () =>
      HttpResponse.json({
        access_token: 'one',
        token_type: 'bearer',
        expires_in: 900,
        refresh_token: 'next',
        refresh_expires_in: 9000,
      }),
    ),
    http.get(api('auth/me'), () => HttpResponse.json({ email: 'ana@example.com' })),
  );
  expect(await arrive('first')).toBe(true);
  expect(session.get()).toEqual({ status: 'active', token: 'one', email: 'ana@example.com' });
  expect(session.end()).toBe('next');
});

test('a token that was used before signs nobody in', async () => {
  server.use(http.post(api('auth/refresh'), () => refusal(401, 'Sign in first', 'used before')));
  expect(await arrive('first')).toBe(false);
  expect(session.get().status).toBe('signed-out');
});
