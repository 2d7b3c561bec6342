import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { client, unwrap } from '@/shared/api/client';
import type { AlertDetail } from '@/shared/api/types';
import { useStore } from '@/shared/store';
import { useStream } from '@/shared/stream/StreamProvider';

export const alertKey = (id: string) => ['alerts', 'one', id];

export const fetchAlert = (id: string, signal?: AbortSignal): Promise<AlertDetail> =>
  unwrap(
    client.GET('/api/v1/alerts/{alert_id}', {
      params: { path: { alert_id: id } },
      ...(signal ? { signal } : {}),
    }),
  );

/** Everything of one alert, fetched again when the socket says that it has changed. */
export function useAlert(id: string | undefined) {
  const cache = useQueryClient();
  const version = useStore(useStream().alerts).get(id ?? '')?.version ?? 0;
  const query = useQuery({
    queryKey: alertKey(id ?? ''),
    queryFn: ({ signal }) => fetchAlert(id ?? '', signal),
    enabled: id !== undefined,
  });
  const stale = query.data !== undefined && query.data.version < version;
  useEffect(() => {
    if (id && stale) void cache.invalidateQueries({ queryKey: alertKey(id) });
  }, [cache, id, stale]);
  return query;
}
