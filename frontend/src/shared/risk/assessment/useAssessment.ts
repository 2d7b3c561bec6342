import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

/** Everything that is stored of one assessment. It never changes once it is there. */
export function useAssessment(eventId: string, enabled = true) {
  return useQuery({
    queryKey: ['assessment', eventId],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/risk/{event_id}', { params: { path: { event_id: eventId } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
    enabled,
  });
}
