import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import { useStore } from '@/shared/store';
import { session } from './store';

/** The signed-in user, with the role. */
export function useMe() {
  const { email, status } = useStore(session);
  return useQuery({
    queryKey: ['me', email],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/auth/me', { signal })),
    enabled: status === 'active',
    staleTime: 5 * 60_000,
  });
}
