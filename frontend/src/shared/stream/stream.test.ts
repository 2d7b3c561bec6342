// @vitest-environment jsdom
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { ws } from 'msw';
import { afterEach, expect, test, vi } from 'vitest';
import { alert, assessment } from '@/testing/fixtures';
import { api, apiServer, HttpResponse, http } from '@/testing/server';
import { RiskStream } from './stream';

const server = apiServer();
const socket = ws.link(`${location.origin.replace('http', 'ws')}/ws/risk-stream`);
let stream: RiskStream;
afterEach(() => stream.stop());

function open(live: () => number[]) {
  const asked: string[] = [];
  const clients: { send: (data: string) => void; close: () => void }[] = [];
  server.use(
    http.post(api('auth/ws-ticket'), () => HttpResponse.json({ ticket: 't', expires_in: 30 })),
    http.get(api('risk/live'), ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json({ items: live().map((n) => assessment(n)), next_cursor: null });
    }),
    socket.addEventListener('connection', ({ client }) => void clients.push(client)),
  );
  const cache = new QueryClient();
  stream = new RiskStream(cache);
  stream.start('ana@example.com');
  const shown = () => stream.feed.rows.get().map((row) => row.sequence);
  return { asked, cache, clients, shown };
}

const frame = (type: string, items: unknown[]) => JSON.stringify({ type, items });

test('what a gap hid is fetched once and shown once', async () => {
  let stored = [2, 1];
  const { asked, clients, shown } = open(() => stored);
  await vi.waitFor(() => expect(clients).toHaveLength(1));
  await vi.waitFor(() => expect(shown()).toEqual([2, 1]));
  clients[0]?.send(frame('assessments', [assessment(3)]));
  await vi.waitFor(() => expect(shown()).toEqual([3, 2, 1]));

  stored = [5, 4, 3, 2, 1];
  clients[0]?.close();
  await vi.waitFor(() => expect(clients).toHaveLength(2), { timeout: 3000 });
  await vi.waitFor(() => expect(shown()).toEqual([5, 4, 3, 2, 1]));
  expect(asked).toHaveLength(2);
});

test('an older version of an alert does not replace a newer one', async () => {
  const { clients } = open(() => []);
  await vi.waitFor(() => expect(clients).toHaveLength(1));
  clients[0]?.send(frame('alert', [alert('a', { version: 3, status: 'acknowledged' })]));
  clients[0]?.send(frame('alert', [alert('a', { version: 2, status: 'open' }), alert('b')]));
  await vi.waitFor(() => expect(stream.alerts.get().has('b')).toBe(true));
  expect(stream.alerts.get().get('a')?.status).toBe('acknowledged');
});

test('another level empties the list and asks for that level', async () => {
  const { asked, shown } = open(() => [1]);
  await vi.waitFor(() => expect(shown()).toEqual([1]));
  stream.setMinLevel('HIGH');
  expect(shown()).toEqual([]);
  await vi.waitFor(() => expect(asked.at(-1)).toContain('min_level=HIGH'));
});

test('another user starts with an empty list, the same one keeps it', async () => {
  const { shown } = open(() => [1]);
  await vi.waitFor(() => expect(shown()).toEqual([1]));
  stream.stop();
  stream.start('ana@example.com');
  expect(shown()).toEqual([1]);
  stream.stop();
  stream.start('ben@example.com');
  expect(shown()).toEqual([]);
});

test.each([
  ['delivery', {}, 'webhooks'],
  ['import', {}, 'imports'],
  ['config', {}, 'config'],
  ['model', {}, 'models'],
  ['assessments', assessment(1), 'activity'],
  ['alert', alert('a'), 'alert-stats'],
])('what %s changes is fetched again where it is open', async (type, item, key) => {
  const { clients, cache } = open(() => []);
  let fetched = 0;
  const observer = new QueryObserver(cache, { queryKey: [key, 'open'], queryFn: () => ++fetched });
  const leave = observer.subscribe(() => undefined);
  await vi.waitFor(() => expect([clients.length, fetched]).toEqual([1, 1]));
  clients[0]?.send(frame(type, [item]));
  await vi.waitFor(() => expect(fetched).toBeGreaterThan(1));
  leave();
});
