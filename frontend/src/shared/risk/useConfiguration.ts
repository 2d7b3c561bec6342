import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

/** The thresholds and alert policy in force; the socket says when they change. */
export function useConfiguration() {
  return useQuery({
    queryKey: ['config'],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/config', { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
