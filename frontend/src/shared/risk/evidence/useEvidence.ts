import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import { eventParams } from '@/shared/risk/eventRef';

const forever = Number.POSITIVE_INFINITY;

/** The rules that hit an event. They never change once it is scored. */
export function useRuleHits(ref: string) {
  return useQuery({
    queryKey: ['rule-hits', ref],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/risk/{event_id}/rules', { params: eventParams(ref), signal })),
    staleTime: forever,
  });
}

/** How a score came about, part by part. */
export function useContributions(ref: string) {
  return useQuery({
    queryKey: ['contributions', ref],
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/risk/{event_id}/contributions', {
          params: eventParams(ref),
          signal,
        }),
      ),
    staleTime: forever,
  });
}
