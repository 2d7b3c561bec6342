// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { StreamProvider } from '@/shared/stream/StreamProvider';
import { api, apiServer, HttpResponse, http, refusal } from '@/testing/server';
import { ExplanationView } from './Explanation';
import type { Explanation } from './types';

const server = apiServer();
const sentence = (text: string, ...cites: string[]) => ({ text, cites });

const given = (part: Partial<Explanation> = {}): Explanation => ({
  id: 'x',
  event_source: 'stream',
  event_id: 'event-1',
  source: 'template',
  model: null,
  prompt_version: '1',
  evidence_hash: 'h',
  question: null,
  explanation: {
    summary: [sentence('A payment of 840.00 EUR was scored Critical.', 'E1')],
    why: [sentence('It is 6.1 times the mean of the account.', 'E2', 'K1')],
    against: [],
    checks: [sentence('Call the customer.', 'K1')],
    suggestion: { disposition: 'confirmed_risk', confidence: 0.7, because: [sentence('It fits.', 'E2')] },
  },
  evidence: [
    { id: 'E1', kind: 'event', title: 'The event', text: '840.00 EUR', link: null },
    { id: 'E2', kind: 'reason', title: 'Amount', text: '6.1 times', link: null },
    { id: 'K1', kind: 'knowledge', title: 'Playbook', text: 'Call them.', link: 'https://example.com/x' },
  ],
  removed: 0,
  notice: null,
  created_at: '2026-01-31T09:30:00Z',
  ...part,
});

function show(answers: (question: string | null) => Response) {
  server.use(
    http.post(api('explain/risk'), async ({ request }) => {
      const { question = null } = (await request.json()) as { question?: string };
      return answers(question);
    }),
  );
  const cache = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(
    <QueryClientProvider client={cache}>
      <StreamProvider>
        <ExplanationView eventId="event-1" />
      </StreamProvider>
    </QueryClientProvider>,
  );
}

test('it says what happened, what to check and what it may be, from a template, and asks no questions', async () => {
  show(() => HttpResponse.json(given()));
  await screen.findByText(/840.00 EUR was scored Critical/);
  expect(screen.getByText(/Written from a template/)).toBeTruthy();
  expect(screen.getByText('What to check')).toBeTruthy();
  expect(screen.queryByText('What speaks against it')).toBeNull();
  expect(screen.getByText(/Suggested: Confirmed risk/).textContent).toContain('70 % sure');
  expect(screen.queryByText('Ask')).toBeNull();
});

test('a citation that has the focus marks its evidence', async () => {
  show(() => HttpResponse.json(given()));
  const [citation] = await screen.findAllByLabelText('Evidence K1');
  fireEvent.focus(citation as HTMLElement);
  const marked = document.querySelectorAll('[data-cited]');
  expect(marked.length).toBe(1);
  expect(marked[0]?.textContent).toContain('Playbook');
  fireEvent.blur(citation as HTMLElement);
  expect(document.querySelectorAll('[data-cited]').length).toBe(0);
});

test('what a model wrote says what was left out, and answers questions', async () => {
  show((question) =>
    HttpResponse.json(
      given({
        id: question ?? 'x',
        source: 'model',
        model: 'some-model',
        removed: question ? 0 : 2,
        notice: 'The model was slow.',
        question,
      }),
    ),
  );
  await screen.findByText(/Chosen by some-model.*2 choices were left out/);
  expect(screen.getByText('The model was slow.')).toBeTruthy();
  fireEvent.change(screen.getByLabelText('A question about this event'), { target: { value: 'Why now?' } });
  fireEvent.click(screen.getByText('Ask'));
  await waitFor(() => expect(screen.getByText('Why now?')).toBeTruthy());
});

test('a refusal is told, with a way to try again', async () => {
  let down = true;
  show(() => (down ? refusal(503, 'Not now', 'try again in a moment') : HttpResponse.json(given())));
  const notice = await screen.findByRole('alert');
  expect(within(notice).getByText('Not now')).toBeTruthy();
  down = false;
  fireEvent.click(within(notice).getByText('Try again'));
  await screen.findByText(/840.00 EUR was scored Critical/);
});
