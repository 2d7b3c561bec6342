import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import { AUDIT_LOG } from '../useAuditLog';

/** Forgets a personal value in the log; gives of how many records it was. */
export function useErasure() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (body: { value: string; reason: string }) =>
      (await unwrap(client.POST('/api/v1/audit/erasures', { body }))).records,
    onSuccess: () => cache.invalidateQueries({ queryKey: AUDIT_LOG }),
  });
}
