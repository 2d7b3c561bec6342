import { useInfiniteQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import type { AlertFilter } from './search';

/** The alerts of a filter, newest opened first, a page at a time. */
export function useAlerts(filter: AlertFilter) {
  return useInfiniteQuery({
    queryKey: ['alerts', filter],
    queryFn: ({ pageParam, signal }) => {
      const query = {
        limit: 50,
        ...(filter.status === 'all' ? {} : { status: filter.status }),
        ...(filter.level ? { min_level: filter.level } : {}),
        ...(filter.account ? { account_id: filter.account } : {}),
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      return unwrap(client.GET('/api/v1/alerts', { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 0,
  });
}
