import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

/** Who deals with whom around an alert. */
export function useNeighbourhood(alertId: string) {
  return useQuery({
    queryKey: ['neighbourhood', alertId],
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/alerts/{alert_id}/related', { params: { path: { alert_id: alertId } }, signal }),
      ),
    staleTime: 60_000,
  });
}
