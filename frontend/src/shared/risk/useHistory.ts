import { useInfiniteQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import type { paths } from '@/shared/api/schema';

/** What the history is narrowed to, in the words of the API. */
export type HistoryQuery = Omit<
  NonNullable<paths['/api/v1/risk/history']['get']['parameters']['query']>,
  'cursor' | 'limit'
>;

interface Part {
  cursor: string | null;
  /** What was asked for the first part: a span that ends now must not move from part to part. */
  query: HistoryQuery;
}

/**
 * Assessments, last scored first, a part at a time. `key` says what is asked for; `query` is made when the first
 * part is asked for, so that it may depend on the time.
 */
export function useHistory(key: object, query: () => HistoryQuery) {
  return useInfiniteQuery({
    queryKey: ['history', key],
    queryFn: async ({ pageParam, signal }) => {
      const asked = pageParam?.query ?? query();
      const cursor = pageParam?.cursor;
      const params = { query: { ...asked, limit: 100, ...(cursor ? { cursor } : {}) } };
      const page = await unwrap(client.GET('/api/v1/risk/history', { params, signal }));
      return { ...page, query: asked };
    },
    initialPageParam: null as Part | null,
    getNextPageParam: (page) =>
      page.next_cursor === null ? null : { cursor: page.next_cursor, query: page.query },
  });
}
