import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

export const HIT_HOURS = 7 * 24;

/** What each rule hit in the last seven days. */
export function useAllHits() {
  return useQuery({
    queryKey: ['rule-hits'],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/rules/stats', { params: { query: { hours: HIT_HOURS } }, signal })),
  });
}
