import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

/** Champion and challenger on the labelled events of the last 30 days that both scored. */
export function useComparison(challenger: string | null | undefined) {
  return useQuery({
    queryKey: ['models', 'comparison', challenger],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/models/comparison', { signal })),
    enabled: Boolean(challenger),
  });
}
