// @vitest-environment jsdom
import { afterEach, expect, test } from 'vitest';
import { session } from '@/shared/session/store';
import { api, apiServer, HttpResponse, http, refusal } from '@/testing/server';
import { arrive, providerSignIn } from './arrive';

const server = apiServer();
afterEach(() => {
  session.end();
  sessionStorage.clear();
});

/** The fragment with which the provider's answer comes back to the tab that asked. */
const answer = (token: string) => `refresh_token=${token}&state=${providerSignIn().split('state=')[1]}`;

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
  expect(await arrive(answer('first'))).toBe(true);
  expect(session.get()).toEqual({ status: 'active', token: 'one', email: 'ana@example.com' });
  expect(session.end()).toBe('next');
});

test('a token that was used before signs nobody in', async () => {
  server.use(http.post(api('auth/refresh'), () => refusal(401, 'Sign in first', 'used before')));
  expect(await arrive(answer('first'))).toBe(false);
  expect(session.get().status).toBe('signed-out');
});

test('a token that this tab did not ask for signs nobody in and leaves who is signed in', async () => {
  session.start('mine', 'ana@example.com', 900, 'my refresh token');
  let used = 0;
  server.use(
    http.post(api('auth/refresh'), () => {
      used += 1;
      return refusal(401, 'Sign in first', 'used before');
    }),
  );
  expect(await arrive('refresh_token=of-somebody-else')).toBe(false);
  expect(await arrive('refresh_token=of-somebody-else&state=')).toBe(false);
  providerSignIn();
  expect(await arrive('refresh_token=of-somebody-else&state=a-guess')).toBe(false);
  const mine = answer('mine');
  expect(await arrive('refresh_token=of-somebody-else&state=a-second-guess')).toBe(false);
  expect(await arrive(mine)).toBe(false);
  expect(used).toBe(0);
  expect(session.get()).toMatchObject({ status: 'active', email: 'ana@example.com' });
});
