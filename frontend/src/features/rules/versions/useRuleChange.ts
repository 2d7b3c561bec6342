import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Tagged } from '@/shared/api/client';
import { asProblem } from '@/shared/api/problem';
import type { RuleDetail } from '@/shared/api/types';
import { ruleKey } from '../useRule';

const STALE = [409, 412];

/**
 * A change of a rule: what the server answers is the rule as it is then. If somebody was faster, the rule is read
 * again, so that what they did is on the screen with the refusal.
 */
export function useRuleChange<Asked>(carryOut: (asked: Asked) => Promise<Tagged<RuleDetail>>, id?: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: carryOut,
    onSuccess: (tagged) => {
      cache.setQueryData(ruleKey(tagged.data.id), tagged);
      void cache.invalidateQueries({ queryKey: ['rules'] });
    },
    onError: (error) => {
      if (id && STALE.includes(asProblem(error).status)) {
        void cache.invalidateQueries({ queryKey: ruleKey(id) });
      }
    },
  });
}
