import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

const forever = Number.POSITIVE_INFINITY;

/** The rules that hit an event. They never change once it is scored. */
export function useRuleHits(eventId: string) {
  return useQuery({
    queryKey: ['rule-hits', eventId],
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/risk/{event_id}/rules', { params: { path: { event_id: eventId } }, signal }),
      ),
    staleTime: forever,
  });
}

/** How a score came about, part by part. */
export function useContributions(eventId: string) {
  return useQuery({
    queryKey: ['contributions', eventId],
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/risk/{event_id}/contributions', {
          params: { path: { event_id: eventId } },
          signal,
        }),
      ),
    staleTime: forever,
  });
}
