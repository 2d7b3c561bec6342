import { useInfiniteQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import type { RuleStatus } from '@/shared/api/types';

/** The rules by name, a page at a time. */
export function useRules(status: RuleStatus | undefined) {
  return useInfiniteQuery({
    queryKey: ['rules', status ?? 'all'],
    queryFn: ({ pageParam, signal }) => {
      const query = {
        limit: 100,
        ...(status ? { status } : {}),
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      return unwrap(client.GET('/api/v1/rules', { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}
