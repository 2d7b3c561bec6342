import { expect, test } from 'vitest';
import type { RiskStats } from '@/shared/api/types';
import type { EngineStats } from '@/shared/stream/protocol';
import { totals, withReport } from './minutes';

const minute = (at: string, LOW: number) => ({
  minute: `2026-01-31T${at}:00Z`,
  LOW,
  MEDIUM: 0,
  HIGH: 0,
  CRITICAL: 0,
});

const fetched: RiskStats = {
  as_of: '2026-01-31T09:31:30Z',
  minutes: 2,
  total: 12,
  by_level: { LOW: 12, MEDIUM: 0, HIGH: 0, CRITICAL: 0 },
  by_decision: { approve: 12 },
  overturned: [],
  per_minute: [minute('09:30', 10), minute('09:31', 2)],
};

const report = (at: string, counts: EngineStats['by_level']): EngineStats => ({
  at: `2026-01-31T${at}:30Z`,
  events_per_second: 1,
  lag_ms: 20,
  // The engine may write the same moment in another way than the API.
  minute: `2026-01-31T${at}:00+00:00`,
  by_level: counts,
});

const lows = (engine: EngineStats | undefined) => withReport(fetched, engine).map((each) => each.LOW);

test('the running minute is brought up to the engine’s report', () => {
  expect(lows(report('09:31', { LOW: 7, CRITICAL: 1 }))).toEqual([10, 7]);
  expect(totals(withReport(fetched, report('09:31', { LOW: 7, CRITICAL: 1 }))).CRITICAL).toBe(1);
});

test('a report older than what was fetched takes nothing away', () => {
  expect(lows(report('09:31', { LOW: 1 }))).toEqual([10, 2]);
});

test('a new minute moves the window, with zeros for minutes without events', () => {
  expect(lows(report('09:32', { LOW: 4 }))).toEqual([2, 4]);
  expect(lows(report('09:33', { LOW: 4 }))).toEqual([0, 4]);
});

test('without a report the fetched counts stand', () => {
  expect(lows(undefined)).toEqual([10, 2]);
});
