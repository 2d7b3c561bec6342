import { useInfiniteQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

export const KEYS = ['api-keys'] as const;

/** API keys, newest first, a part at a time. */
export function useApiKeys() {
  return useInfiniteQuery({
    queryKey: KEYS,
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 100, ...(pageParam ? { cursor: pageParam } : {}) };
      return unwrap(client.GET('/api/v1/api-keys', { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}
