import { useQuery } from '@tanstack/react-query';
import { client, unwrapTagged } from '@/shared/api/client';

/** One list, without what is on it, and the tag by which a change says what it was made from. */
export function useList(name: string) {
  return useQuery({
    queryKey: ['lists', 'one', name],
    queryFn: ({ signal }) =>
      unwrapTagged(client.GET('/api/v1/lists/{name}', { params: { path: { name } }, signal })),
  });
}
