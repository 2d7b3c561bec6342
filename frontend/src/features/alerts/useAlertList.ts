import { useMemo } from 'react';
import { useStore } from '@/shared/store';
import { useStream } from '@/shared/stream/StreamProvider';
import { overlay } from './overlay';
import type { AlertFilter } from './search';
import { useAlerts } from './useAlerts';

/** The list as it is now: what was fetched, under what the socket has brought since. */
export function useAlertList(filter: AlertFilter) {
  const query = useAlerts(filter);
  const updates = useStore(useStream().alerts);
  const listed = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const { alerts, arrivals } = useMemo(() => overlay(listed, updates, filter), [listed, updates, filter]);
  return { ...query, alerts, arrivals };
}
