import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

/** The latest twenty stages, newest first. */
export function useStages() {
  return useQuery({
    queryKey: ['models', 'history'],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/models/history', { params: { query: { limit: 20 } }, signal })),
    select: (page) => page.items,
  });
}
