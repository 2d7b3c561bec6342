import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import type { components } from '@/shared/api/schema';

export type EventTypes = components['schemas']['EventTypeList'];

export const EVENT_TYPES = ['event-types'] as const;

/** The registry of event types, and the unregistered types that events came with. */
export function useEventTypes() {
  return useQuery({
    queryKey: EVENT_TYPES,
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/event-types', { signal })),
    staleTime: 30_000,
  });
}
