import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

const MINUTE = 60_000;

/** The newest signed head of the log; one is signed every minute while the log grows. */
export function useCheckpoint() {
  return useQuery({
    queryKey: ['audit-checkpoint'],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/audit/checkpoint', { signal })),
    refetchInterval: MINUTE,
    retry: false,
  });
}
