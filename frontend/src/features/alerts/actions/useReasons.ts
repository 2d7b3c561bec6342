import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

/** The reasons that a resolution may give, by disposition. They change with the software only. */
export function useReasons() {
  return useQuery({
    queryKey: ['alert-reasons'],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/alerts/reasons', { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
