import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

/** The lists that an expression may ask, the first hundred by name. */
export function useListNames() {
  return useQuery({
    queryKey: ['lists', 'names'],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/lists', { params: { query: { limit: 100 } }, signal })),
    select: (page) => page.items,
  });
}
