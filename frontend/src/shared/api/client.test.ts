// @vitest-environment jsdom
import { afterEach, expect, test } from 'vitest';
import { session } from '@/shared/session/store';
import { api, apiServer, HttpResponse, http, refusal } from '@/testing/server';
import { client, signOut, unwrap } from './client';
import { Problem } from './problem';

const server = apiServer();
afterEach(() => session.end());

const me = () => unwrap(client.GET('/api/v1/auth/me'));

test('a refusal is thrown as the problem that the server described', async () => {
  server.use(http.get(api('auth/me'), () => refusal(403, 'Not allowed', 'ask an administrator')));
  await expect(me()).rejects.toMatchObject({
    status: 403,
    detail: 'ask an administrator',
    requestId: 'request-1',
  });
});

test('a server that does not answer is a problem like any other', async () => {
  server.use(http.get(api('auth/me'), () => HttpResponse.error()));
  await expect(me()).rejects.toBeInstanceOf(Problem);
});

test('an answer of a proxy, which is no problem document, still says something', async () => {
  server.use(http.get(api('auth/me'), () => new HttpResponse('<html>Bad gateway</html>', { status: 502 })));
  await expect(me()).rejects.toMatchObject({ status: 502, title: 'The server answered 502' });
});

test('a token that is refused expires the session', async () => {
  session.start('old', 'ana@example.com', 60);
  server.use(http.get(api('auth/me'), () => refusal(401, 'Sign in first', 'expired')));
  await expect(me()).rejects.toMatchObject({ status: 401 });
  expect(session.get().status).toBe('expired');
});

test('a token that is about to end is exchanged once, before the requests that need one', async () => {
  const exchanged: unknown[] = [];
  server.use(
    http.post(api('auth/refresh'), async ({ request }) => {
      exchanged.push(await request.json());
      expect(request.headers.get('authorization')).toBeNull();
      return HttpResponse.json({
        access_token: 'new',
        token_type: 'bearer',
        expires_in: 900,
        refresh_token: 'second',
        refresh_expires_in: 9000,
      });
    }),
    http.get(api('auth/me'), ({ request }) =>
      HttpResponse.json({ email: request.headers.get('authorization') }),
    ),
  );
  session.start('old', 'ana@example.com', 0, 'first');
  const answers = await Promise.all([me(), me(), me()]);
  expect(answers.map((answer) => answer.email)).toEqual(Array(3).fill('Bearer new'));
  expect(exchanged).toEqual([{ refresh_token: 'first' }]);
  expect(session.get()).toEqual({ status: 'active', token: 'new', email: 'ana@example.com' });
  expect(session.due()).toBe(false);
});

test('a refresh token that is refused expires the session; a server that is away does not', async () => {
  server.use(
    http.post(api('auth/refresh'), () => HttpResponse.error()),
    http.get(api('auth/me'), () => HttpResponse.json({ email: 'ana@example.com' })),
  );
  session.start('old', 'ana@example.com', 0, 'first');
  await me();
  expect(session.get().token).toBe('old');
  server.use(http.post(api('auth/refresh'), () => refusal(401, 'Sign in first', 'used before')));
  await me();
  expect(session.get().status).toBe('expired');
});

test('signing out ends the session on the server, too', async () => {
  const ended = new Promise((resolve) => {
    server.use(
      http.post(api('auth/logout'), async ({ request }) => {
        resolve(await request.json());
        return new HttpResponse(null, { status: 204 });
      }),
    );
  });
  session.start('one', 'ana@example.com', 60, 'first');
  signOut();
  expect(session.get().status).toBe('signed-out');
  expect(await ended).toEqual({ refresh_token: 'first', everywhere: false });
});
