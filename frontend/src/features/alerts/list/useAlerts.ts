import { useInfiniteQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import { type AlertFilter, toQuery } from '../search';

/** The alerts of a filter, a page at a time: work in the server's order, the rest newest opened first, unless sorted. */
export function useAlerts(filter: AlertFilter) {
  return useInfiniteQuery({
    queryKey: ['alerts', 'list', filter],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 50, ...toQuery(filter), ...(pageParam ? { cursor: pageParam } : {}) };
      return unwrap(client.GET('/api/v1/alerts', { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 0,
  });
}
