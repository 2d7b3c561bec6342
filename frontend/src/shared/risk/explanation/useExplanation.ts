import { useMutation, useQuery } from '@tanstack/react-query';
import { explain } from './explain';

/** An event in words. It is asked for only once somebody stays with it: a model's words cost time and money. */
export function useExplanation(eventId: string, wanted: boolean) {
  return useQuery({
    queryKey: ['explanation', eventId],
    queryFn: ({ signal }) => explain(eventId, null, signal),
    enabled: wanted,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30 * 60_000,
    throwOnError: false,
  });
}

/** A question about the event. */
export function useQuestion(eventId: string) {
  return useMutation({ mutationFn: (question: string) => explain(eventId, question) });
}
