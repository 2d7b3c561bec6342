import { useMemo, useState } from 'react';
import type { Alert } from '@/shared/api/types';
import { session } from '@/shared/session/store';
import { useStore } from '@/shared/store';
import { useStream } from '@/shared/stream/StreamProvider';
import { type AlertFilter, matches, precedes } from '../search';
import { hold, overlay, take } from './queue';
import { useAlerts } from './useAlerts';

const NO_ALERTS: readonly Alert[] = [];

/**
 * The list as it is now: the rows that the reader asked for, where they were put, under what the socket has brought
 * since. `show` fetches it anew, in the order of now.
 */
export function useAlertList(filter: AlertFilter) {
  const query = useAlerts(filter);
  const updates = useStore(useStream().alerts);
  const me = useStore(session).email;
  const { data } = query;
  const listed = useMemo(() => data?.pages.flatMap((page) => page.items) ?? NO_ALERTS, [data]);
  const [state, setState] = useState({ filter, listed, held: take(listed), asked: false });
  const current = state.filter === filter && state.listed === listed;
  if (!current) {
    // Rows of another filter, none yet, or those that were asked for: there is nothing that could move.
    const anew = state.filter !== filter || state.asked || state.held.ids.length === 0;
    setState({ filter, listed, held: anew ? take(listed) : hold(state.held, listed), asked: false });
  }
  const lowest = query.hasNextPage ? listed.at(-1) : undefined;
  const { alerts, arrivals } = useMemo(() => {
    const above = (alert: Alert) => !lowest || precedes(alert, lowest, filter);
    const now = Date.now();
    return overlay(state.held, updates, (alert) => matches(alert, filter, me, now) && above(alert));
  }, [state.held, updates, filter, me, lowest]);
  const show = (): void => {
    setState((before) => ({ ...before, asked: true }));
    void query.refetch().then((answer) => {
      // What comes back may be the very same, which then is taken here.
      const items = answer.data?.pages.flatMap((page) => page.items);
      if (items) setState({ filter, listed, held: take(items), asked: false });
    });
  };
  return { ...query, alerts, arrivals, show };
}
