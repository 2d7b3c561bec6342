import { useInfiniteQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

/** What is on a list, first added first; with `text` only what has it in it. */
export function useEntries(name: string, text: string) {
  return useInfiniteQuery({
    queryKey: ['lists', 'entries', name, text],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 100, ...(text ? { text } : {}), ...(pageParam ? { cursor: pageParam } : {}) };
      return unwrap(
        client.GET('/api/v1/lists/{name}/entries', { params: { path: { name }, query }, signal }),
      );
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (before, query) => (query?.queryKey[2] === name ? before : undefined),
  });
}
