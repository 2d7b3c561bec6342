import type { BacktestReport } from '@/shared/api/types';

type Hour = BacktestReport['hours'][number];

export type BacktestState =
  | { status: 'idle' }
  | {
      status: 'running' | 'done' | 'stopped' | 'failed';
      version: number;
      /** All parts so far, as if they were one; null before the first. */
      report: BacktestReport | null;
      error: Error | null;
    };

export type BacktestStep =
  | { type: 'started'; version: number }
  | { type: 'part'; report: BacktestReport; last: boolean }
  | { type: 'stopped' }
  | { type: 'failed'; error: Error };

/** A backtest goes back in time part by part; what came so far stays when it is stopped or fails. */
export function step(state: BacktestState, by: BacktestStep): BacktestState {
  if (by.type === 'started') return { status: 'running', version: by.version, report: null, error: null };
  if (state.status !== 'running') return state; // an answer that comes after the stop
  switch (by.type) {
    case 'part':
      return {
        ...state,
        status: by.last ? 'done' : 'running',
        report: state.report ? together(state.report, by.report) : by.report,
      };
    case 'stopped':
      return { ...state, status: 'stopped' };
    case 'failed':
      return { ...state, status: 'failed', error: by.error };
  }
}

const SUMS = [
  'events',
  'hits',
  'errors',
  'labelled',
  'frauds',
  'labelled_hits',
  'fraud_hits',
  'alerts_before',
  'alerts_after',
  'compared_hits',
] as const;

const MONEY = ['hits', 'frauds', 'fraud_hits', 'legitimate_hits', 'alerts_before', 'alerts_after'] as const;

const BY_HOUR = ['events', 'hits', 'labelled_hits', 'fraud_hits', 'alerts_before', 'alerts_after'] as const;

/** Two parts of one backtest as one; `older` lies further back. */
export function together(newer: BacktestReport, older: BacktestReport): BacktestReport {
  const sums = Object.fromEntries(SUMS.map((name) => [name, newer[name] + older[name]])) as Record<
    (typeof SUMS)[number],
    number
  >;
  return {
    ...older,
    ...sums,
    precision: sums.labelled_hits > 0 ? sums.fraud_hits / sums.labelled_hits : null,
    recall: sums.frauds > 0 ? sums.fraud_hits / sums.frauds : null,
    money: {
      ...older.money,
      ...Object.fromEntries(MONEY.map((name) => [name, newer.money[name] + older.money[name]])),
    },
    examples: [...newer.examples, ...older.examples].slice(0, 10),
    overlap: overlaps([...newer.overlap, ...older.overlap]),
    first_scored_at: older.first_scored_at ?? newer.first_scored_at,
    last_scored_at: newer.last_scored_at ?? older.last_scored_at,
    oldest_sequence: older.oldest_sequence ?? newer.oldest_sequence,
    hours: hours(newer.hours, older.hours),
    scored: newer.scored,
  };
}

function overlaps(all: BacktestReport['overlap']): BacktestReport['overlap'] {
  const found = new Map<string, BacktestReport['overlap'][number]>();
  for (const each of all) {
    const key = `${each.rule_id} ${each.version}`;
    found.set(key, { ...each, hits: each.hits + (found.get(key)?.hits ?? 0) });
  }
  return [...found.values()].sort((a, b) => b.hits - a.hits);
}

/** Oldest first. A part may end within an hour, which then is in both. */
function hours(newer: readonly Hour[], older: readonly Hour[]): Hour[] {
  const found = new Map<string, Hour>();
  for (const each of [...older, ...newer]) {
    const before = found.get(each.hour);
    found.set(
      each.hour,
      before
        ? { ...each, ...Object.fromEntries(BY_HOUR.map((name) => [name, each[name] + before[name]])) }
        : each,
    );
  }
  return [...found.values()].sort((a, b) => Date.parse(a.hour) - Date.parse(b.hour));
}

/** How much of the period is done, 0 to 1; what was scored meanwhile makes it no more than 1. */
export function progress(report: BacktestReport | null): number {
  if (!report || report.scored === 0) return 0;
  return Math.min(1, report.events / report.scored);
}
