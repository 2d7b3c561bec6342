import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

/** How far the events of the last so many hours are from those that the champion was trained on. */
export function useDrift(hours: number) {
  return useQuery({
    queryKey: ['models', 'drift', hours],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/models/drift', { params: { query: { hours } }, signal })),
    placeholderData: (before) => before,
  });
}
