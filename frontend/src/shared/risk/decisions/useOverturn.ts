import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import type { Action } from '@/shared/api/types';
import { eventParams } from '@/shared/risk/eventRef';

/** What shows decisions, and is fetched again when one is overturned or restored. */
export const OVERTURN_KEYS = ['assessment', 'history', 'alerts', 'risk-stats'] as const;

/** Overturns the decision on an event, or restores it. */
export function useOverturn(event: string) {
  const cache = useQueryClient();
  const onSuccess = () =>
    Promise.all(OVERTURN_KEYS.map((key) => cache.invalidateQueries({ queryKey: [key] })));
  const overturn = useMutation({
    mutationFn: (body: { action: Action; reason: string }) =>
      unwrap(client.POST('/api/v1/risk/{event_id}/overturn', { params: eventParams(event), body })),
    onSuccess,
  });
  const restore = useMutation({
    mutationFn: () =>
      unwrap(client.DELETE('/api/v1/risk/{event_id}/overturn', { params: eventParams(event) })),
    onSuccess,
  });
  return { overturn, restore };
}
