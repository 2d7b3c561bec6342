import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { client, unwrap } from '@/shared/api/client';
import { useStream } from '@/shared/stream/StreamProvider';
import { throttle } from '@/shared/stream/throttle';

export const OVERVIEW_MINUTES = 15;
const KEY = ['risk-overview', OVERVIEW_MINUTES];
const AT_MOST_EVERY = 10_000;

/**
 * How the assessments of the last minutes scored, and what the risky ones have in common. Fetched again while the
 * engine says that it scores, at most every ten seconds, and not while the tab is hidden.
 */
export function useOverview() {
  const { engine } = useStream();
  const cache = useQueryClient();
  useEffect(() => {
    const refresh = throttle(() => void cache.invalidateQueries({ queryKey: KEY }), AT_MOST_EVERY);
    return engine.subscribe(() => {
      if (!document.hidden) refresh();
    });
  }, [engine, cache]);
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/risk/overview', { params: { query: { minutes: OVERVIEW_MINUTES } }, signal }),
      ),
  });
}
