// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook, waitFor } from '@testing-library/react';
import type { PropsWithChildren } from 'react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { session } from '@/shared/session/store';
import { api, apiServer, HttpResponse, http, refusal } from '@/testing/server';
import { useVerification } from './useVerification';

const server = apiServer();
beforeEach(() => session.start('token', 'ana@example.com', 3600));
afterEach(() => session.end());

const wrapper = ({ children }: PropsWithChildren) => (
  <QueryClientProvider client={new QueryClient()}>{children}</QueryClientProvider>
);
const part = (first: number, last: number, next: number | null, findings: object[] = []) => ({
  ok: findings.length === 0,
  first,
  last,
  records: last - first + 1,
  size: 250,
  root: 'root',
  findings,
  next,
});

test('every part of the log is asked for, and what is wrong in any of them is kept', async () => {
  const asked: unknown[] = [];
  const changed = { kind: 'changed', seq: 120, until: 120, detail: 'record 120 was changed' };
  server.use(
    http.post(api('audit/verify'), async ({ request }) => {
      const { first } = (await request.json()) as { first: number };
      asked.push(first);
      if (first === 1) return HttpResponse.json(part(1, 100, 101));
      if (first === 101) return HttpResponse.json(part(101, 200, 201, [changed]));
      return HttpResponse.json(part(201, 250, null));
    }),
  );
  const hook = renderHook(() => useVerification(), { wrapper });
  await act(() => hook.result.current.start());
  expect(asked).toEqual([1, 101, 201]);
  expect(hook.result.current.now).toMatchObject({
    state: 'done',
    checked: 250,
    of: 250,
    findings: [changed],
  });
});

test('a refusal on the way ends it, and says how far it came', async () => {
  server.use(
    http.post(api('audit/verify'), async ({ request }) => {
      const { first } = (await request.json()) as { first: number };
      return first === 1 ? HttpResponse.json(part(1, 100, 101)) : refusal(503, 'Down', 'try again');
    }),
  );
  const hook = renderHook(() => useVerification(), { wrapper });
  await act(() => hook.result.current.start());
  await waitFor(() => expect(hook.result.current.now.state).toBe('failed'));
  expect(hook.result.current.now.checked).toBe(100);
});
