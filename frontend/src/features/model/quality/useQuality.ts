import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import { daysAgo } from '../daysAgo';

/** How good the judgements of the last so many days were, by level, scorer, rule and day. */
export function useQuality(days: number) {
  return useQuery({
    queryKey: ['quality', days],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/quality', { params: { query: { from: daysAgo(days) } }, signal })),
    placeholderData: (before) => before,
  });
}
