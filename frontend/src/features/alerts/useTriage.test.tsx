// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook, waitFor } from '@testing-library/react';
import type { PropsWithChildren } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { User } from '@/shared/api/types';
import { session } from '@/shared/session/store';
import { StreamProvider, useStream } from '@/shared/stream/StreamProvider';
import { alert } from '@/testing/fixtures';
import { api, apiServer, HttpResponse, http, refusal } from '@/testing/server';
import { usePendingActions } from './useAlertAction';
import { useTriage } from './useTriage';

const server = apiServer();
beforeEach(() => {
  session.start('token', 'ana@example.com', 3600);
  server.use(
    http.post(api('auth/ws-ticket'), () => refusal(503, 'Down', 'no socket in this test')),
    http.get(api('risk/live'), () => HttpResponse.json({ items: [], next_cursor: null })),
  );
});
afterEach(() => session.end());

function triage(role: User['role']) {
  const me = { id: 'u', email: 'ana@example.com', role, created_at: '2026-01-31T09:00:00Z' };
  server.use(http.get(api('auth/me'), () => HttpResponse.json(me)));
  const onResolved = vi.fn();
  const wrapper = ({ children }: PropsWithChildren) => (
    <QueryClientProvider client={new QueryClient()}>
      <StreamProvider>{children}</StreamProvider>
    </QueryClientProvider>
  );
  const hook = renderHook(
    () => ({ ...useTriage(alert('a'), onResolved), pending: usePendingActions(), stream: useStream() }),
    { wrapper },
  );
  return { onResolved, now: () => hook.result.current };
}

test('an acknowledgement is said to be under way, and done only when the server agrees', async () => {
  const { now } = triage('analyst');
  await waitFor(() => expect(now().mayAct).toBe(true));
  const answer = Promise.withResolvers<Response>();
  server.use(http.post(api('alerts/a/acknowledge'), () => answer.promise));
  act(() => now().acknowledge());
  await waitFor(() => expect(now().pending.get('a')).toBe('acknowledged'));
  expect(now().stream.alerts.get().has('a')).toBe(false);
  answer.resolve(HttpResponse.json(alert('a', { status: 'acknowledged', version: 2 })));
  await waitFor(() => expect(now().stream.alerts.get().get('a')?.status).toBe('acknowledged'));
  expect(now().pending.size).toBe(0);
});

test('what is asked while the last action is under way opens at once and is carried out after it', async () => {
  const { now, onResolved } = triage('analyst');
  await waitFor(() => expect(now().mayAct).toBe(true));
  const answer = Promise.withResolvers<Response>();
  const order: string[] = [];
  server.use(
    http.post(api('alerts/a/acknowledge'), () => {
      order.push('acknowledge');
      return answer.promise;
    }),
    http.post(api('alerts/a/resolve'), () => {
      order.push('resolve');
      return HttpResponse.json(alert('a', { status: 'resolved', version: 3 }));
    }),
  );
  act(() => now().acknowledge());
  await waitFor(() => expect(order).toEqual(['acknowledge']));
  act(() => now().askToResolve());
  expect(now().resolving).toBe(true);
  act(() => now().resolve('inconclusive', ''));
  expect(order).toEqual(['acknowledge']);
  answer.resolve(HttpResponse.json(alert('a', { status: 'acknowledged', version: 2 })));
  await waitFor(() => expect(onResolved).toHaveBeenCalledWith('a'));
  expect(order).toEqual(['acknowledge', 'resolve']);
});

test('a refused transition leaves all as it was and shows what the server said', async () => {
  const { now, onResolved } = triage('analyst');
  await waitFor(() => expect(now().mayAct).toBe(true));
  const said = 'the alert is resolved; from there it can become nothing further, not resolved';
  server.use(http.post(api('alerts/a/resolve'), () => refusal(409, 'The request conflicts', said)));
  act(() => now().resolve('false_positive', ''));
  await waitFor(() => expect(now().refusal?.message).toBe(said));
  expect(now().pending.size).toBe(0);
  expect(onResolved).not.toHaveBeenCalled();
});

test('a resolved alert takes the reader on, with disposition and note sent', async () => {
  const { now, onResolved } = triage('admin');
  await waitFor(() => expect(now().mayAct).toBe(true));
  let sent: unknown;
  server.use(
    http.post(api('alerts/a/resolve'), async ({ request }) => {
      sent = await request.json();
      return HttpResponse.json(alert('a', { status: 'resolved', version: 2 }));
    }),
  );
  act(() => now().resolve('confirmed_risk', 'called the customer'));
  await waitFor(() => expect(onResolved).toHaveBeenCalledWith('a'));
  expect(sent).toEqual({ disposition: 'confirmed_risk', note: 'called the customer' });
});

test('a viewer’s keys do nothing', async () => {
  const { now } = triage('viewer');
  await waitFor(() => expect(now().stream).toBeTruthy());
  act(() => {
    now().acknowledge();
    now().askToResolve();
  });
  expect(now().pending.size).toBe(0);
  expect(now().resolving).toBe(false);
});
