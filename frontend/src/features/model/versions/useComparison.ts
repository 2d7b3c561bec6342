import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

/** Champion and challenger on the labelled events of the last 30 days that both scored. */
export function useComparison(champion: string | undefined, challenger: string | null | undefined) {
  return useQuery({
    // Not under `models`: a change of these would ask for a comparison with nobody.
    queryKey: ['model-comparison', champion, challenger],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/models/comparison', { signal })),
    enabled: Boolean(challenger),
  });
}
