import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import { eventParams } from '@/shared/risk/eventRef';

/** Everything that is stored of one assessment. Only the overturn of its decision ever changes. */
export function useAssessment(ref: string, enabled = true) {
  return useQuery({
    queryKey: ['assessment', ref],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/risk/{event_id}', { params: eventParams(ref), signal })),
    staleTime: Number.POSITIVE_INFINITY,
    enabled,
  });
}
