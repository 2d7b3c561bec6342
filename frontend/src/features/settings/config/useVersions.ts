import { useInfiniteQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

export const VERSIONS = ['config-versions'] as const;

/** Every version of the configuration, newest first, a part at a time. */
export function useVersions() {
  return useInfiniteQuery({
    queryKey: VERSIONS,
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) };
      return unwrap(client.GET('/api/v1/config/versions', { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}
