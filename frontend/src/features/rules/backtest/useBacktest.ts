import { useEffect, useReducer, useRef } from 'react';
import { client, unwrap } from '@/shared/api/client';
import type { BacktestReport } from '@/shared/api/types';
import { type BacktestState, step } from './backtest';

/** Events a part: an answer every second or so. */
const PART = 20_000;

export interface Period {
  version: number;
  /** Of the past, in hours; null is all of it. */
  hours: number | null;
}

/** Tries a version on the past, from now backwards, a part after the other, until the end or until it is stopped. */
export function useBacktest(id: string) {
  const [state, send] = useReducer(step, { status: 'idle' } as BacktestState);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const ask = async ({ version, hours }: Period, signal: AbortSignal): Promise<void> => {
    const to = new Date();
    const from = hours === null ? null : new Date(to.getTime() - hours * 3600_000).toISOString();
    let before: number | null = null;
    for (;;) {
      const report: BacktestReport = await unwrap(
        client.POST('/api/v1/rules/{rule_id}/backtest', {
          params: { path: { rule_id: id } },
          body: { version, from, to: to.toISOString(), before, max_events: PART },
          signal,
        }),
      );
      const last = report.oldest_sequence === null || (report.complete && report.events < PART);
      send({ type: 'part', report, last });
      if (last) return;
      before = report.oldest_sequence;
    }
  };

  return {
    state,
    start: (period: Period) => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      send({ type: 'started', version: period.version });
      ask(period, controller.signal).catch((error: Error) => {
        if (!controller.signal.aborted) send({ type: 'failed', error });
      });
    },
    stop: () => {
      running.current?.abort();
      send({ type: 'stopped' });
    },
  };
}
