import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client, done, unwrap } from '@/shared/api/client';
import type { EventTypeChange } from '@/shared/api/types';
import { EVENT_TYPES } from '@/shared/risk/useEventTypes';

const at = (name: string) => ({ path: { name } });

/** Registers types of events, and takes them out of the registry again. */
export function useEventTypeActions() {
  const cache = useQueryClient();
  const onSuccess = () => cache.invalidateQueries({ queryKey: EVENT_TYPES });
  const register = useMutation({
    mutationFn: ({ name, body }: { name: string; body: EventTypeChange }) =>
      unwrap(client.PUT('/api/v1/event-types/{name}', { params: at(name), body })),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: (name: string) => done(client.DELETE('/api/v1/event-types/{name}', { params: at(name) })),
    onSuccess,
  });
  return { register, remove };
}
