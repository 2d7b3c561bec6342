import { client, unwrapTagged } from '@/shared/api/client';
import type { RuleStatus } from '@/shared/api/types';
import { useRuleChange } from './useRuleChange';

export interface MoveAsked {
  to: RuleStatus;
  version: number;
  percent: number;
  reason: string;
}

/** Moves a version of the rule that was read with `etag`. */
export function useMoveRule(id: string, etag: string) {
  return useRuleChange(
    (asked: MoveAsked) =>
      unwrapTagged(
        client.POST('/api/v1/rules/{rule_id}/transition', {
          params: { path: { rule_id: id }, header: { 'If-Match': etag } },
          body: asked,
        }),
      ),
    id,
  );
}
