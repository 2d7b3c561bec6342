import { useInfiniteQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import type { DeliveryStatus } from '@/shared/api/types';

/** What waits is tried again soon: its row is out of date soon, too. */
const WAITING_MS = 5_000;

export const deliveriesOf = (id: string) => ['webhook-deliveries', id] as const;

/** The messages to one receiver, newest first. While some wait, they are asked for again. */
export function useDeliveries(id: string, status: DeliveryStatus | undefined) {
  return useInfiniteQuery({
    queryKey: [...deliveriesOf(id), status ?? 'all'],
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 50, ...(status ? { status } : {}), ...(pageParam ? { cursor: pageParam } : {}) };
      const params = { path: { webhook_id: id }, query };
      return unwrap(client.GET('/api/v1/webhooks/{webhook_id}/deliveries', { params, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some((item) => item.status === 'pending'))
        ? WAITING_MS
        : false,
  });
}
