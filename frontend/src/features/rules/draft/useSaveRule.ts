import { client, unwrapTagged } from '@/shared/api/client';
import type { RuleDefinition } from '@/shared/api/types';
import { useRuleChange } from '../versions/useRuleChange';

/** Saves a definition as the version after `base`. */
export function useSaveRule(id: string, base: number) {
  return useRuleChange(
    (definition: RuleDefinition) =>
      unwrapTagged(
        client.PUT('/api/v1/rules/{rule_id}', {
          params: { path: { rule_id: id } },
          body: { ...definition, base_version: base },
        }),
      ),
    id,
  );
}
