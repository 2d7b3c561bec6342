// @vitest-environment jsdom
import { afterEach, expect, test } from 'vitest';
import { session } from '@/shared/session/store';
import { api, apiServer, HttpResponse, http, refusal } from '@/testing/server';
import { client, unwrap } from './client';
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
