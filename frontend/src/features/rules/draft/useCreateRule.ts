import { client, unwrapTagged } from '@/shared/api/client';
import type { RuleDefinition } from '@/shared/api/types';
import { useRuleChange } from '../versions/useRuleChange';

/** Drafts a new rule. */
export function useCreateRule() {
  return useRuleChange((rule: RuleDefinition & { name: string }) =>
    unwrapTagged(client.POST('/api/v1/rules', { body: rule })),
  );
}
