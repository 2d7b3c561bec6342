import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

export type ModelChange = { reason: string } & (
  | { to: 'champion' | 'challenger'; version: string }
  | { to: 'withdrawn' }
  | { to: 'back' }
);

function carryOut({ reason, ...change }: ModelChange) {
  if (change.to === 'back')
    return unwrap(client.POST('/api/v1/models/current/rollback', { body: { reason } }));
  if (change.to === 'withdrawn')
    return unwrap(client.POST('/api/v1/models/challenger/withdraw', { body: { reason } }));
  const params = { path: { version: change.version } };
  return unwrap(client.POST('/api/v1/models/{version}/promote', { params, body: { as: change.to, reason } }));
}

/** Changes what is in force; whatever comes of it, it is read anew. */
export function useModelChange() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: carryOut,
    onSettled: () => void cache.invalidateQueries({ queryKey: ['models'] }),
  });
}
