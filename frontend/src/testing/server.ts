import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll } from 'vitest';

/** The API of one test file; each test says what it answers. A request that no test expects fails. */
export function apiServer() {
  const server = setupServer();
  beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
  afterEach(() => server.resetHandlers());
  afterAll(() => server.close());
  return server;
}

export function refusal(status: number, title: string, detail: string) {
  const body = { type: 'urn:problem:test', title, status, detail, instance: '/', request_id: 'request-1' };
  return HttpResponse.json(body, { status, headers: { 'content-type': 'application/problem+json' } });
}

export const api = (path: string): string => `${location.origin}/api/v1/${path}`;
export { HttpResponse, http };
