import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

/** What one rule hit in the last so many hours, by version and hour. */
export function useRuleHits(id: string, hours: number) {
  return useQuery({
    queryKey: ['rule-hits', id, hours],
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/rules/{rule_id}/stats', {
          params: { path: { rule_id: id }, query: { hours } },
          signal,
        }),
      ),
    placeholderData: (before) => before,
  });
}
