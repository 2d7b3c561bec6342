import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import { type AlertFilter, toCountQuery } from '../search';

/** How many alerts of a filter are open and acknowledged; counted again when the socket brings an alert. */
export function useAlertCounts(filter: AlertFilter) {
  const query = toCountQuery(filter);
  return useQuery({
    queryKey: ['alert-stats', 'counts', query],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/alerts/counts', { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
}
