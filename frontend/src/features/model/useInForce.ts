import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

/** Champion and challenger, and who put them there. */
export function useInForce() {
  return useQuery({
    queryKey: ['models', 'current'],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/models/current', { signal })),
  });
}
