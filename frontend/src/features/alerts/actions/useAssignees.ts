import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

/** Whom alerts may be given to; asked for only by who may give them. */
export function useAssignees(enabled = true) {
  return useQuery({
    queryKey: ['alert-assignees'],
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/alerts/assignees', { signal }))).items,
    enabled,
    staleTime: 60_000,
  });
}
