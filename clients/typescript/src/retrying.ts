/** Who asks, and how often a request is tried. */
export interface Options {
  apiKey?: string;
  token?: string;
  attempts?: number;
  fetch?: (request: Request) => Promise<Response>;
  sleep?: (milliseconds: number) => Promise<void>;
}

const RETRIED = new Set([429, 502, 503, 504]);
const SAFE = new Set(['GET', 'PUT', 'DELETE']);
const FIRST_WAIT = 200;
const LONGEST_WAIT = 10_000;
const KEYLESS = /\/api\/v1\/(auth\/|events$)/;

/** Milliseconds until the next attempt: what the API asks for, else doubling, spread so that clients do not meet. */
function wait(attempt: number, told: string | null): number {
  if (told !== null && /^\d+$/.test(told)) return Math.min(LONGEST_WAIT, Number(told) * 1_000);
  return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2);
}

/**
 * A `fetch` with credentials that tries again what cannot be carried out twice: reads, events (scored once by their id),
 * and whatever has an idempotency key, which is made where there is none and stays the same over all attempts.
 */
export function retrying(options: Options = {}): (request: Request) => Promise<Response> {
  const send = options.fetch ?? ((request: Request) => fetch(request));
  const sleep = options.sleep ?? ((ms: number) => new Promise<void>((done) => setTimeout(done, ms)));
  const attempts = options.attempts ?? 5;
  return async (request) => {
    const headers = new Headers(request.headers);
    if (options.apiKey) headers.set('x-api-key', options.apiKey);
    else if (options.token) headers.set('authorization', `Bearer ${options.token}`);
    const path = new URL(request.url).pathname;
    if (request.method === 'POST' && !KEYLESS.test(path) && !headers.has('idempotency-key')) {
      headers.set('idempotency-key', crypto.randomUUID());
    }
    const repeatable =
      SAFE.has(request.method) || headers.has('idempotency-key') || path.endsWith('/api/v1/events');
    const body = request.body === null ? undefined : await request.arrayBuffer();
    for (let attempt = 1; ; attempt += 1) {
      const last = attempt >= attempts || !repeatable;
      let told: string | null = null;
      try {
        const answer = await send(new Request(request.url, { method: request.method, headers, body }));
        if (last || !RETRIED.has(answer.status)) return answer;
        told = answer.headers.get('retry-after');
      } catch (error) {
        if (last) throw error;
      }
      await sleep(wait(attempt, told));
    }
  };
}
