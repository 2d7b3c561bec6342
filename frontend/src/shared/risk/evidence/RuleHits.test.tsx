// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { AssessmentDetail } from '@/shared/api/types';
import { assessment } from '@/testing/fixtures';
import { api, apiServer, HttpResponse, http } from '@/testing/server';
import { AssessmentFacts } from '../assessment/AssessmentFacts';
import { FeatureTable } from '../assessment/FeatureTable';
import { RuleHits } from './RuleHits';

// It leads to pages, which are not in this test.
vi.mock('../connections/PartyLink', () => ({ PartyLink: ({ id }: { id: string }) => id }));

vi.mock('../assessment/useEntityKeys', () => ({ useEntityKeys: () => undefined }));

const server = apiServer();
const feature = (name: string, value: number) => ({ name, unit: 'ratio', meaning: `the ${name}`, value });
const detail = {
  ...assessment(1, { channel: 'web', country: 'DE' }),
  attributes: {},
  features: [feature('amount_to_mean_30d', 6.1), feature('count_1h', 2)],
} as unknown as AssessmentDetail;
const rule = {
  rule_id: 'r',
  name: 'large_at_night',
  version: 2,
  mode: 'live',
  points: 1.5,
  min_level: null,
  description: '',
  expression: 'event.hour < 6 && event.channel == "web" && features.amount_to_mean_30d > 2.0',
  event_fields: ['channel', 'hour'],
  features: ['amount_to_mean_30d'],
  lists: [],
};

test('a rule that has the focus lights up what it reads of the event, and nothing else', async () => {
  server.use(http.get(api('risk/event-1/rules'), () => HttpResponse.json({ items: [rule] })));
  render(
    <QueryClientProvider client={new QueryClient()}>
      <RuleHits assessment={detail} />
      <AssessmentFacts assessment={detail} />
      <FeatureTable features={detail.features} />
    </QueryClientProvider>,
  );
  const hit = (await screen.findByText('large_at_night')).closest('li') as HTMLElement;
  expect(hit.textContent).toContain('+1.50 log-odds');
  const lit = () => [...document.querySelectorAll('[data-lit]')].map((each) => each.textContent ?? '');
  expect(lit()).toEqual([]);
  fireEvent.focus(hit);
  // The hour is of the time at which it occurred.
  expect(lit().map((text) => text.slice(0, 10))).toEqual(['web', '2026-01-31', 'the amount']);
  fireEvent.blur(hit);
  expect(lit()).toEqual([]);
});
