import type { MinuteCounts, RiskLevel, RiskStats } from '@/shared/api/types';
import { LEVELS } from '@/shared/risk/scores/levels';
import type { EngineStats } from '@/shared/stream/protocol';

const MINUTE = 60_000;

/** Counts of one minute; `start` in epoch milliseconds. */
export interface Minute extends Record<RiskLevel, number> {
  start: number;
}

const toMinute = (sent: MinuteCounts): Minute => ({ ...sent, start: Date.parse(sent.minute) });

const empty = (start: number): Minute => ({ start, LOW: 0, MEDIUM: 0, HIGH: 0, CRITICAL: 0 });

/**
 * The counts as they were fetched, brought up to the engine's last report. The report counts from the start of
 * its minute, so the larger of two counts of a minute is the later one. As many minutes as were fetched.
 */
export function withReport(fetched: RiskStats, report: EngineStats | undefined): Minute[] {
  const minutes = fetched.per_minute.map(toMinute);
  const last = minutes.at(-1);
  if (!report || !last) return minutes;
  const start = Date.parse(report.minute);
  if (start - last.start > fetched.minutes * MINUTE) return minutes;
  for (let next = last.start + MINUTE; next <= start; next += MINUTE) minutes.push(empty(next));
  const current = minutes.find((minute) => minute.start === start);
  if (current)
    for (const level of LEVELS) current[level] = Math.max(current[level], report.by_level[level] ?? 0);
  return minutes.slice(-fetched.per_minute.length);
}

/** Sums over all of `minutes`. */
export function totals(minutes: readonly Minute[]): Record<RiskLevel, number> {
  const sum = { LOW: 0, MEDIUM: 0, HIGH: 0, CRITICAL: 0 };
  for (const minute of minutes) for (const level of LEVELS) sum[level] += minute[level];
  return sum;
}
