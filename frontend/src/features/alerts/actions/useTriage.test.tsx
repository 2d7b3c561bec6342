// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook, waitFor } from '@testing-library/react';
import type { PropsWithChildren } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Alert, Me } from '@/shared/api/types';
import { session } from '@/shared/session/store';
import { StreamProvider, useStream } from '@/shared/stream/StreamProvider';
import { alert } from '@/testing/fixtures';
import { api, apiServer, HttpResponse, http, refusal } from '@/testing/server';
import { autoAdvance } from './autoAdvance';
import { usePendingActions } from './useDesk';
import { useTriage } from './useTriage';

const ME = 'ana@example.com';
const server = apiServer();
const detail = (id: string, part: Partial<Alert> = {}, timeline: unknown[] = []) =>
  http.get(api(`alerts/${id}`), () =>
    HttpResponse.json({ ...alert(id, part), timeline, events: [], allowed: [] }),
  );

beforeEach(() => {
  session.start('token', ME, 3600);
  server.use(
    http.post(api('auth/ws-ticket'), () => refusal(503, 'Down', 'no socket in this test')),
    http.get(api('risk/live'), () => HttpResponse.json({ items: [], next_cursor: null })),
    http.get(api('alerts/stats'), () => HttpResponse.json({})),
    ...['a', 'b', 'c'].map((id) => detail(id)),
  );
});
afterEach(() => {
  session.end();
  autoAdvance.set(true);
});

async function triage(
  role: Me['role'] = 'analyst',
  rows = [alert('a'), alert('b'), alert('c')],
  selected = 'a',
) {
  const me = { id: 'u', email: ME, role, created_at: '2026-01-31T09:00:00Z' };
  server.use(http.get(api('auth/me'), () => HttpResponse.json(me)));
  const change = vi.fn();
  const cache = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const wrapper = ({ children }: PropsWithChildren) => (
    <QueryClientProvider client={cache}>
      <StreamProvider>{children}</StreamProvider>
    </QueryClientProvider>
  );
  const hook = renderHook(
    () => ({
      ...useTriage({ alerts: rows }, { selected, change }),
      pending: usePendingActions(),
      stream: useStream(),
    }),
    { wrapper },
  );
  const now = () => hook.result.current;
  await waitFor(() => expect(now().detail.data).toBeTruthy());
  await waitFor(() => expect(now().mayAct).toBe(role !== 'viewer'));
  return { change, now };
}

/** Answers `path` with the alert changed by `part`, and notes what was sent, with its If-Match. */
function answers(path: string, id: string, part: Partial<Alert>, sent: unknown[] = []) {
  server.use(
    http.post(api(`alerts/${id}/${path}`), async ({ request }) => {
      const text = await request.text();
      sent.push([path, request.headers.get('if-match'), text ? JSON.parse(text) : null]);
      return HttpResponse.json(alert(id, part));
    }),
  );
  return sent;
}

test('an acknowledgement is said to be under way, and done only when the server agrees', async () => {
  const { now } = await triage();
  const answer = Promise.withResolvers<Response>();
  server.use(http.post(api('alerts/a/acknowledge'), () => answer.promise));
  act(() => now().acknowledge());
  await waitFor(() => expect(now().pending.get('a')).toBe('acknowledge'));
  expect(now().stream.alerts.get().has('a')).toBe(false);
  answer.resolve(HttpResponse.json(alert('a', { status: 'acknowledged', version: 2 })));
  await waitFor(() => expect(now().stream.alerts.get().get('a')?.status).toBe('acknowledged'));
  await waitFor(() => expect(now().pending.size).toBe(0));
});

test('what is asked while the last action is under way opens at once and is carried out after it, on its result', async () => {
  const { now, change } = await triage();
  const answer = Promise.withResolvers<Response>();
  server.use(http.post(api('alerts/a/acknowledge'), () => answer.promise));
  const sent = answers('resolve', 'a', { status: 'resolved', version: 3 });
  act(() => now().acknowledge());
  await waitFor(() => expect(now().pending.size).toBe(1));
  act(() => now().ask('resolve'));
  expect(now().dialog).toBe('resolve');
  act(() => now().resolve('inconclusive', 'no_answer', ''));
  expect(sent).toEqual([]);
  answer.resolve(HttpResponse.json(alert('a', { status: 'acknowledged', version: 2 })));
  await waitFor(() => expect(change).toHaveBeenCalledWith({ alert: 'b' }));
  expect(sent).toEqual([['resolve', '"2"', { disposition: 'inconclusive', reason: 'no_answer' }]]);
});

test('one who would not be taken on stays', async () => {
  autoAdvance.set(false);
  const { now, change } = await triage();
  answers('resolve', 'a', { status: 'resolved', version: 2 });
  act(() => now().resolve('confirmed_risk', 'mule', 'called the customer'));
  await waitFor(() => expect(now().desk.outcome?.text).toBe('Resolved as confirmed risk: account-1'));
  expect(change).not.toHaveBeenCalled();
});

test('a conflict is told as what happened instead, and the alert is shown as it is now', async () => {
  const { now } = await triage();
  const said = 'it has changed since the version in If-Match';
  const last = {
    version: 2,
    at: '2026-01-31T09:31:00Z',
    actor: 'ben@example.com',
    action: 'resolved',
    note: null,
  };
  const changes = { disposition: { before: null, after: 'false_positive' } };
  server.use(
    http.post(api('alerts/a/resolve'), () => refusal(412, 'It has changed', said)),
    detail('a', { status: 'resolved', version: 2 }, [{ ...last, changes }]),
  );
  act(() => now().resolve('confirmed_risk', 'mule', ''));
  await waitFor(() => expect(now().desk.outcome?.refusals.length).toBe(1));
  expect(now().desk.outcome?.refusals[0]?.text).toContain('ben resolved it as false positive first.');
  expect(now().desk.undoable).toBeNull();
  expect(now().alert?.status).toBe('resolved');
});

test('what was done is undone on the version that it made, and the reader is back at it', async () => {
  const { now, change } = await triage();
  answers('acknowledge', 'a', { status: 'acknowledged', version: 2, assignee: ME });
  act(() => now().acknowledge());
  await waitFor(() => expect(now().desk.undoable).not.toBeNull());
  const sent = answers('undo', 'a', { status: 'open', version: 3 });
  act(() => now().desk.undo());
  await waitFor(() => expect(change).toHaveBeenCalledWith({ alert: 'a' }));
  expect(sent).toEqual([['undo', '"2"', null]]);
  expect(now().desk.undoable).toBeNull();
});

test('with several ticked one action is for all of them, and each refusal is told', async () => {
  const { now } = await triage();
  act(() => now().ticks.set(['a', 'c']));
  let sent: unknown;
  server.use(
    http.post(api('alerts/bulk'), async ({ request }) => {
      sent = await request.json();
      const items = [
        { id: 'a', status: 'done', alert: alert('a', { status: 'acknowledged', version: 2 }), detail: null },
        { id: 'c', status: 'conflict', alert: null, detail: 'the alert is resolved' },
      ];
      return HttpResponse.json({ done: 1, refused: 1, items });
    }),
  );
  act(() => now().acknowledge());
  await waitFor(() => expect(now().desk.outcome?.text).toBe('Acknowledged: 1 of 2 alerts'));
  expect(sent).toEqual({ action: 'acknowledge', ids: ['a', 'c'] });
  expect(now().desk.outcome?.refusals[0]?.text).toBe('The alert is resolved');
  expect(now().ticks.checked.size).toBe(0);
});

test('the next unassigned is taken and shown, and there may be none', async () => {
  const { now, change } = await triage();
  server.use(
    http.post(api('alerts/next'), () => HttpResponse.json(alert('z', { assignee: ME, version: 2 }))),
  );
  act(() => now().desk.claimNext());
  await waitFor(() => expect(change).toHaveBeenCalledWith({ alert: 'z' }));
  expect(now().desk.undoable?.steps[0]?.actions).toEqual([{ kind: 'assign', assignee: null }]);
  server.use(http.post(api('alerts/next'), () => new HttpResponse(null, { status: 204 })));
  act(() => now().desk.claimNext());
  await waitFor(() => expect(now().desk.outcome?.text).toBe('Nothing is left unassigned'));
});

test('a server that does not answer leaves all as it was, and can be asked again', async () => {
  const { now } = await triage();
  server.use(http.post(api('alerts/a/acknowledge'), () => HttpResponse.error()));
  act(() => now().acknowledge());
  await waitFor(() => expect(now().desk.outcome?.error).toBeTruthy());
  expect(now().desk.undoable).toBeNull();
  answers('acknowledge', 'a', { status: 'acknowledged', version: 2 });
  act(() => now().desk.again());
  await waitFor(() => expect(now().desk.outcome?.text).toBe('Acknowledged: account-1'));
});

test('a viewer’s keys do nothing', async () => {
  const { now } = await triage('viewer');
  act(() => {
    now().acknowledge();
    now().ask('resolve');
    now().assignToMe();
    now().note('hello');
  });
  expect(now().pending.size).toBe(0);
  expect(now().dialog).toBeNull();
});

test('alerts are given to a colleague, but for those that are theirs', async () => {
  const bens = { assignee: 'ben@example.com' };
  const { now } = await triage('analyst', [alert('a'), alert('b', bens), alert('c')]);
  const sent = answers('assign', 'a', { ...bens, version: 2 });
  act(() => now().ask('assign'));
  expect(now().dialog).toBe('assign');
  act(() => now().ticks.set(['a', 'b']));
  act(() => now().assign('ben@example.com'));
  await waitFor(() => expect(now().desk.outcome?.text).toBe('Assigned to ben: account-1'));
  expect(now().dialog).toBeNull();
  expect(sent).toEqual([['assign', '"1"', { assignee: 'ben@example.com' }]]);
});
