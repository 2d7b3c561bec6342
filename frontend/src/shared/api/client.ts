import createClient, { type Middleware } from 'openapi-fetch';
import { session } from '@/shared/session/store';
import { toProblem, unreachable } from './problem';
import type { paths } from './schema';

const REFRESH = '/api/v1/auth/refresh';

const authenticate: Middleware = {
  async onRequest({ request, schemaPath }) {
    if (schemaPath === REFRESH) return request;
    if (session.due()) await session.renew();
    const { token } = session.get();
    if (token) request.headers.set('authorization', `Bearer ${token}`);
    return request;
  },
  onResponse({ request, response }) {
    const refused = request.headers.get('authorization');
    if (response.status === 401 && refused) session.expire(refused.slice('Bearer '.length));
  },
};

export const client = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? '',
  // Looked up at each call: tests replace it.
  fetch: (request) => globalThis.fetch(request),
});
client.use(authenticate);

session.renewWith(async (refreshToken) => {
  const { token, email } = session.get();
  const { data, response } = await client.POST(REFRESH, { body: { refresh_token: refreshToken } });
  // Signed out meanwhile, or signed in as someone: what comes late is not theirs.
  if (!token || session.get().token !== token) return;
  if (data) session.start(data.access_token, email ?? '', data.expires_in, data.refresh_token);
  else if (response.status === 401) session.expire(token);
});

/** Ends the session here and on the server, whether that answers or not; with `everywhere`, all of the user's. */
export function signOut({ everywhere = false } = {}): void {
  const refreshToken = session.end();
  if (!refreshToken) return;
  void client
    .POST('/api/v1/auth/logout', { body: { refresh_token: refreshToken, everywhere } })
    .catch(() => undefined);
}

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** What an answer holds, with the tag that a change of it sends back as `If-Match`. */
export interface Tagged<Data> {
  data: Data;
  etag: string;
}

/** The data of an answer, or a thrown `Problem`. */
export async function unwrap<Data>(asked: Promise<Answer<Data>>): Promise<NonNullable<Data>> {
  return (await unwrapTagged(asked)).data;
}

/** The same, with the entity tag of the answer. */
export async function unwrapTagged<Data>(asked: Promise<Answer<Data>>): Promise<Tagged<NonNullable<Data>>> {
  let answer: Answer<Data>;
  try {
    answer = await asked;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw unreachable();
  }
  if (!answer.response.ok || answer.data == null) throw toProblem(answer.response.status, answer.error);
  return { data: answer.data, etag: answer.response.headers.get('etag') ?? '' };
}

/** For answers without a body: nothing, or a thrown `Problem`. */
export async function done(asked: Promise<{ error?: unknown; response: Response }>): Promise<void> {
  const answer = await asked.catch(() => {
    throw unreachable();
  });
  if (!answer.response.ok) throw toProblem(answer.response.status, answer.error);
}
