// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { DefinitionDetail, DefinitionStatus } from '@/shared/api/types';
import { session } from '@/shared/session/store';
import { api, apiServer, HttpResponse, http } from '@/testing/server';
import { DefinitionPanel } from './DefinitionPanel';

const server = apiServer();
const ID = '0f6c9d3e-6f0b-4f6e-9a49-6c5d1c3b7e10';
const WHEN = '2026-01-31T09:30:00Z';
const version = {
  name: 'device_accounts_7d',
  version: 1,
  key: ['device_id'],
  aggregate: 'distinct' as const,
  field: 'account_id',
  window: '7d',
  filter: null,
  unit: 'accounts',
  meaning: 'accounts of a device',
  direction: 'none' as const,
  created_at: WHEN,
  created_by: 'ada@example.com',
};

function detail(status: DefinitionStatus, done = false): DefinitionDetail {
  const stage = {
    live_version: status === 'live' ? 1 : null,
    backfilled_version: status === 'backfilled' ? 1 : null,
    archived: status === 'archived',
  };
  const backfill = done ? { sequence: 9, events: 1_200, keys: 40, bytes: 4_000 } : null;
  const change = { number: 1, stage, back_to: 0, changed_at: WHEN, changed_by: 'ada', reason: 'made' };
  return {
    id: ID,
    name: version.name,
    status,
    stage,
    latest: version,
    created_at: WHEN,
    created_by: 'ada@example.com',
    versions: [{ ...version, status, backfill }],
    stages: [change],
    second_person: false,
  };
}

const answer = (of: DefinitionDetail, etag: string) => HttpResponse.json(of, { headers: { etag } });

function open(permissions: string[]) {
  const me = { id: 'u', email: 'ada@example.com', role: 'admin', created_at: WHEN, permissions };
  server.use(http.get(api('auth/me'), () => HttpResponse.json(me)));
  const cache = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(
    <QueryClientProvider client={cache}>
      <DefinitionPanel id={ID} onClose={() => undefined} />
    </QueryClientProvider>,
  );
}

// A wide screen: the panel stands beside the list. It stays so while the panel is taken away.
const wide = { matches: true, addEventListener: () => undefined, removeEventListener: () => undefined };
vi.stubGlobal('matchMedia', () => wide);

beforeEach(() => session.start('token', 'ada@example.com', 3600));
afterEach(() => session.end());

test('it goes live only once the engine has backfilled it, with the tag of what was read', async () => {
  let asked = 0;
  let sent: unknown;
  server.use(
    http.get(api(`definitions/${ID}`), () => answer(detail('backfilled', ++asked > 1), `"tag-${asked}"`)),
    http.post(api(`definitions/${ID}/transition`), async ({ request }) => {
      sent = { body: await request.json(), tag: request.headers.get('if-match') };
      return HttpResponse.json(detail('live', true));
    }),
  );
  open(['rules:draft', 'rules:promote']);
  const live = await screen.findByRole<HTMLButtonElement>('button', { name: 'Put live…' });
  expect(live.disabled).toBe(true);
  await screen.findByText(/Backfilled over 1,200 events: 40 keys/);
  fireEvent.click(screen.getByRole('button', { name: 'Put live…' }));
  fireEvent.change(await screen.findByLabelText('Why?'), { target: { value: 'it is right' } });
  fireEvent.click(screen.getByRole('button', { name: 'Put live' }));
  await waitFor(() =>
    expect(sent).toEqual({ body: { to: 'live', version: 1, reason: 'it is right' }, tag: '"tag-2"' }),
  );
});

test('the last change is undone, and what is refused says why', async () => {
  let sent: unknown;
  server.use(
    http.get(api(`definitions/${ID}`), () => answer(detail('live', true), '"7"')),
    http.post(api(`definitions/${ID}/rollback`), async ({ request }) => {
      sent = await request.json();
      return HttpResponse.json(detail('backfilled', true));
    }),
    http.post(api(`definitions/${ID}/transition`), () =>
      HttpResponse.json(
        { type: 'urn:problem:conflict', title: 'Conflict', status: 409, detail: 'busy_shop reads it' },
        { status: 409, headers: { 'content-type': 'application/problem+json' } },
      ),
    ),
  );
  open(['rules:draft', 'rules:promote']);
  fireEvent.click(await screen.findByRole('button', { name: 'Archive…' }));
  fireEvent.change(await screen.findByLabelText('Why?'), { target: { value: 'unused' } });
  fireEvent.click(screen.getByRole('button', { name: 'Archive' }));
  await screen.findByText('busy_shop reads it');
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  fireEvent.click(await screen.findByRole('button', { name: 'Undo last change…' }));
  fireEvent.change(await screen.findByLabelText('Why?'), { target: { value: 'too early' } });
  fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
  await waitFor(() => expect(sent).toEqual({ reason: 'too early' }));
});

test('who may only draft changes it and moves nothing', async () => {
  server.use(http.get(api(`definitions/${ID}`), () => answer(detail('draft'), '"1"')));
  open(['rules:draft']);
  await screen.findByRole('button', { name: 'Change…' });
  expect(screen.queryByRole('button', { name: /Backfill|Archive|Undo/ })).toBeNull();
});
