import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

/** The newest stored assessments, to pick one from. */
export function useRecent() {
  return useQuery({
    queryKey: ['recent-assessments'],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/risk/history', { params: { query: { limit: 50 } }, signal })),
    select: (page) => page.items,
  });
}
