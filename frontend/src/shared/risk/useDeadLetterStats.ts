import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import { useMay } from '@/shared/session/useMay';

export const DEAD_LETTERS = ['dead-letters'] as const;

/** How many dead letters are open, for who works them off; refreshed when the engine says that there are new ones. */
export function useDeadLetterStats() {
  return useQuery({
    queryKey: [...DEAD_LETTERS, 'stats'],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/dead-letters/stats', { signal })),
    enabled: useMay('dead-letters:manage'),
  });
}
