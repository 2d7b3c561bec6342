import createClient, { type Middleware } from 'openapi-fetch';
import { session } from '@/shared/session/store';
import { toProblem, unreachable } from './problem';
import type { paths } from './schema';

const authenticate: Middleware = {
  onRequest({ request }) {
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

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The data of an answer, or a thrown `Problem`. */
export async function unwrap<Data>(asked: Promise<Answer<Data>>): Promise<NonNullable<Data>> {
  let answer: Answer<Data>;
  try {
    answer = await asked;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw unreachable();
  }
  if (!answer.response.ok || answer.data == null) throw toProblem(answer.response.status, answer.error);
  return answer.data;
}
