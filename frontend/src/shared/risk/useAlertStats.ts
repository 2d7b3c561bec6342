import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

/** How many alerts are where; refreshed when the socket brings an alert. */
export function useAlertStats() {
  return useQuery({
    queryKey: ['alert-stats'],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/alerts/stats', { signal })),
  });
}
