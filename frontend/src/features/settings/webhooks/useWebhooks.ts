import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

export const WEBHOOKS = ['webhooks'] as const;

/** Everyone who is told of alerts: 20 at most. */
export function useWebhooks() {
  return useQuery({
    queryKey: WEBHOOKS,
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/webhooks', { signal })),
  });
}
