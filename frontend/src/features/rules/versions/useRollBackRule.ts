import { client, unwrapTagged } from '@/shared/api/client';
import { useRuleChange } from './useRuleChange';

/** Undoes the last change of stage of the rule that was read with `etag`. */
export function useRollBackRule(id: string, etag: string) {
  return useRuleChange(
    (reason: string) =>
      unwrapTagged(
        client.POST('/api/v1/rules/{rule_id}/rollback', {
          params: { path: { rule_id: id }, header: { 'If-Match': etag } },
          body: { reason },
        }),
      ),
    id,
  );
}
