import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

/** The same, step by step. */
export function useDriftHistory(hours: number) {
  return useQuery({
    queryKey: ['models', 'drift-history', hours],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/models/drift/history', { params: { query: { hours } }, signal })),
    placeholderData: (before) => before,
  });
}
