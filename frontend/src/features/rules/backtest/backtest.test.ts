import { expect, test } from 'vitest';
import type { BacktestReport } from '@/shared/api/types';
import { type BacktestState, progress, step, together } from './backtest';

function report(part: Partial<BacktestReport> = {}): BacktestReport {
  return {
    events: 100,
    hits: 10,
    errors: 0,
    labelled: 20,
    frauds: 5,
    labelled_hits: 4,
    fraud_hits: 1,
    precision: 0.25,
    recall: 0.2,
    alerts_before: 7,
    alerts_after: 9,
    money: {
      currency: 'EUR',
      hits: 1000,
      frauds: 500,
      fraud_hits: 100,
      legitimate_hits: 200,
      alerts_before: 700,
      alerts_after: 900,
    },
    examples: [],
    compared_hits: 10,
    overlap: [],
    first_scored_at: '2026-01-31T09:10:00Z',
    last_scored_at: '2026-01-31T10:10:00Z',
    oldest_sequence: 500,
    hours: [],
    scored: 250,
    complete: true,
    ...part,
  };
}

const hour = (at: string, hits: number) => ({
  hour: at,
  events: 50,
  hits,
  labelled_hits: 0,
  fraud_hits: 0,
  alerts_before: 1,
  alerts_after: 2,
});

test('two parts are as one: sums, and rates of the sums', () => {
  const both = together(
    report(),
    report({ labelled_hits: 16, fraud_hits: 9, frauds: 15, oldest_sequence: 3 }),
  );
  expect(both).toMatchObject({ events: 200, hits: 20, labelled_hits: 20, fraud_hits: 10, alerts_after: 18 });
  expect([both.precision, both.recall]).toEqual([0.5, 0.5]);
  expect(both.oldest_sequence).toBe(3);
  expect(both.money).toMatchObject({ currency: 'EUR', hits: 2000, fraud_hits: 200, alerts_after: 1800 });
});

test('an hour that both parts saw is there once, with both', () => {
  const newer = report({ hours: [hour('2026-01-31T09:00:00Z', 2), hour('2026-01-31T10:00:00Z', 5)] });
  const older = report({ hours: [hour('2026-01-31T08:00:00Z', 1), hour('2026-01-31T09:00:00Z', 3)] });
  expect(together(newer, older).hours.map(({ hour: at, hits }) => [at.slice(11, 13), hits])).toEqual([
    ['08', 1],
    ['09', 5],
    ['10', 5],
  ]);
});

test('the overlap with another rule adds up, most first', () => {
  const other = (id: string, hits: number) => ({ rule_id: id, name: id, version: 1, hits });
  const both = together(
    report({ overlap: [other('a', 3), other('b', 2)] }),
    report({ overlap: [other('b', 9)] }),
  );
  expect(both.overlap.map(({ name, hits }) => [name, hits])).toEqual([
    ['b', 11],
    ['a', 3],
  ]);
});

test('an empty last part changes no rate and keeps when it began', () => {
  const nothing = report({
    ...Object.fromEntries(
      ['events', 'hits', 'labelled', 'frauds', 'labelled_hits', 'fraud_hits'].map((name) => [name, 0]),
    ),
    first_scored_at: null,
    last_scored_at: null,
    oldest_sequence: null,
  });
  const both = together(report(), nothing);
  expect(both).toMatchObject({
    precision: 0.25,
    first_scored_at: '2026-01-31T09:10:00Z',
    oldest_sequence: 500,
  });
});

test('what came so far stays after a stop, and an answer after it changes nothing', () => {
  let state: BacktestState = step({ status: 'idle' }, { type: 'started', version: 2 });
  state = step(state, { type: 'part', report: report(), last: false });
  state = step(state, { type: 'stopped' });
  state = step(state, { type: 'part', report: report(), last: true });
  expect(state).toMatchObject({ status: 'stopped', version: 2, report: { events: 100 } });
});

test('progress is by events, and never more than all', () => {
  expect(progress(null)).toBe(0);
  expect(progress(report())).toBe(0.4);
  expect(progress(report({ events: 300 }))).toBe(1);
});
