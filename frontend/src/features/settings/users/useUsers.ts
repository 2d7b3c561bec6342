import { useInfiniteQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

export const USERS = ['users'] as const;

/** People by address, a part at a time. */
export function useUsers() {
  return useInfiniteQuery({
    queryKey: USERS,
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 100, ...(pageParam ? { cursor: pageParam } : {}) };
      return unwrap(client.GET('/api/v1/users', { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}
