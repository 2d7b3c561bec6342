import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

/** How one can come in here. */
export function useSignInOptions() {
  return useQuery({
    queryKey: ['sign-in options'],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/auth/options', { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
