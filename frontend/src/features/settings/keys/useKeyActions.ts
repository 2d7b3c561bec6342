import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import type { NewApiKey } from '@/shared/api/types';
import { KEYS } from './useApiKeys';

/** Making a key, and ending one. */
export function useKeyActions() {
  const cache = useQueryClient();
  const onSuccess = () => cache.invalidateQueries({ queryKey: KEYS });
  const create = useMutation({
    mutationFn: (body: NewApiKey) => unwrap(client.POST('/api/v1/api-keys', { body })),
    onSuccess,
  });
  const revoke = useMutation({
    mutationFn: (id: string) =>
      unwrap(client.POST('/api/v1/api-keys/{key_id}/revoke', { params: { path: { key_id: id } } })),
    onSuccess,
  });
  return { create, revoke };
}
