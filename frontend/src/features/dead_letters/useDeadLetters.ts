import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import { DEAD_LETTERS } from '@/shared/risk/useDeadLetterStats';
import type { DeadLetterFilter } from './search';

/** Dead letters, newest first, a part at a time; fetched anew when the engine says that there are new ones. */
export function useDeadLetters(filter: DeadLetterFilter) {
  return useInfiniteQuery({
    queryKey: [...DEAD_LETTERS, 'list', filter],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...filter, limit: 100, ...(pageParam ? { cursor: pageParam } : {}) };
      return unwrap(client.GET('/api/v1/dead-letters', { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** One dead letter, with its record. */
export function useDeadLetter(number: number) {
  return useQuery({
    // Not under the list's key: what is being corrected is not fetched again when others come.
    queryKey: ['dead-letter', number],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/dead-letters/{number}', { params: { path: { number } }, signal })),
  });
}
