// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import axe from 'axe-core';
import { afterEach, expect, test } from 'vitest';
import type { ImportDetail, ImportPreview } from '@/shared/api/types';
import { api, apiServer, HttpResponse, http } from '@/testing/server';
import ImportSection from './ImportSection';

const server = apiServer();
afterEach(cleanup);

const preview: ImportPreview = {
  about: '',
  guessed: true,
  columns: [
    { name: 'when', examples: ['2025-03-01'] },
    { name: 'who', examples: ['a1'] },
    { name: 'card', examples: ['c9'] },
  ],
  fields: { occurred_at: ['when'], account_id: ['who'] },
  mapping: 'occurred_at: when\n',
  notes: [],
  doubts: ['times are taken to be in UTC'],
  rows: [
    {
      row: 2,
      event: { event_id: '2', occurred_at: '2025-03-01T00:00:00Z', account_id: 'a1', amount: '9' },
    },
    { row: 3, refused: 'row 3, account_id: is empty' },
  ],
  error: null,
};

const planned: ImportDetail = {
  id: 7,
  name: 'transactions.csv',
  source: 'transactions',
  status: 'planned',
  uploaded: true,
  created_by: 'ada@example.com',
  created_at: '2026-01-01T00:00:00Z',
  started_at: null,
  finished_at: null,
  undone_by: null,
  undone_at: null,
  size: 4_812_034,
  read_share: 0,
  rows: 0,
  refused: 0,
  events: 0,
  labels: 0,
  repeated: 0,
  failed: 0,
  detail: null,
  parts: 1,
  part_bytes: 67_108_864,
  reading: { currency: 'EUR', columns: {} },
  preview,
};

function show(first: ImportDetail) {
  let now = first;
  const sent: { path: string; body: unknown }[] = [];
  const take = async ({ request }: { request: Request }) => {
    const text = await request.text();
    sent.push({
      path: new URL(request.url).pathname.replace(/.*imports/, ''),
      body: text && JSON.parse(text),
    });
    if (request.url.endsWith('/start')) now = { ...now, status: 'running', preview: null };
    if (request.url.endsWith('/undo')) now = { ...now, status: 'undoing' };
    return HttpResponse.json(now);
  };
  server.use(
    http.get(api('imports'), () => HttpResponse.json({ items: [now], next_cursor: null })),
    http.get(api('imports/7'), () => HttpResponse.json(now)),
    http.put(api('imports/7/reading'), take),
    http.post(api('imports/7/start'), take),
    http.post(api('imports/7/undo'), take),
  );
  const cache = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const { container } = render(
    <QueryClientProvider client={cache}>
      <ImportSection />
    </QueryClientProvider>,
  );
  return { container, sent };
}

test('the preview can be reached and understood without seeing it', async () => {
  const { container } = show(planned);
  await screen.findByRole('row', { name: /Refused: row 3/ });
  const { violations } = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)}`)).toEqual([]);
  expect(screen.getByRole('region', { name: 'First rows' }).tabIndex).toBe(0);
});

test('another column is said, the preview is made again, and the import is started', async () => {
  const { sent } = show(planned);
  fireEvent.change(await screen.findByLabelText(/^Account/), { target: { value: 'card' } });
  fireEvent.click(screen.getByRole('button', { name: 'Preview again' }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]).toMatchObject({
    path: '/7/reading',
    body: { columns: { account_id: 'card' }, mapping: null },
  });
  fireEvent.click(screen.getByRole('button', { name: 'Start the import' }));
  expect(await screen.findByRole('progressbar', { name: /^Reading the file/ })).toBeTruthy();
});

test('a file that cannot be read says why, and cannot be started', async () => {
  const error = { field: 'map', detail: 'no column looks like account_id' };
  show({ ...planned, preview: { ...preview, rows: [], error } });
  expect((await screen.findByRole('alert')).textContent).toContain('no column looks like account_id');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Start the import' }).disabled).toBe(true);
});

test('what is loaded is taken back only after a question', async () => {
  const { sent } = show({ ...planned, status: 'done', preview: null, rows: 4, events: 3, refused: 1 });
  expect(await screen.findByText('4 rows: 3 events, 0 labels, 1 row refused')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Take it back…' }));
  expect(sent).toEqual([]);
  fireEvent.click(await screen.findByRole('button', { name: 'Take it back' }));
  expect(await screen.findByRole('progressbar', { name: /The engine takes it back/ })).toBeTruthy();
  expect(sent[0]?.path).toBe('/7/undo');
});
