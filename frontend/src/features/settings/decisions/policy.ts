import type { DecisionPolicy, PolicyRule } from '@/shared/api/types';
import { DECISION, isAction } from '@/shared/risk/decisions/decisions';
import { isLevel } from '@/shared/risk/scores/levels';

const FAMILIES = ['payment', 'login', 'trade', 'metric', 'other'] as const;
const words = (value: FormDataEntryValue | null): string[] =>
  String(value ?? '')
    .split(/[\s,]+/)
    .filter(Boolean);

/** What a rule of the policy asks of an event, in words. */
export function conditionText(rule: PolicyRule): string {
  const parts = [
    rule.levels?.length && `level ${rule.levels.join(' or ')}`,
    rule.rules?.length && `rule ${rule.rules.join(' or ')} hits`,
    rule.lists?.length && `on list ${rule.lists.join(' or ')}`,
    rule.event_types?.length && `type ${rule.event_types.join(' or ')}`,
    rule.families?.length && `family ${rule.families.join(' or ')}`,
    rule.when,
  ];
  return parts.filter(Boolean).join(', and ');
}

/** What a match does. */
export const effectText = (rule: PolicyRule): string =>
  rule.action ? DECISION[rule.action].word : `Never ${DECISION[rule.forbid ?? 'approve'].word.toLowerCase()}`;

/** The rule that the fields of a form say. */
export function ruleOf(form: FormData): PolicyRule {
  const [kind, action] = String(form.get('effect') ?? '').split(':');
  const effect = isAction(action) ? action : 'review';
  const levels = words(form.get('levels'))
    .map((word) => word.toUpperCase())
    .filter(isLevel);
  const families = words(form.get('families'))
    .map((word) => FAMILIES.find((family) => family === word.toLowerCase()))
    .filter((family) => family !== undefined);
  const when = String(form.get('when') ?? '').trim();
  return {
    name: String(form.get('name') ?? '').trim(),
    ...(kind === 'forbid' ? { forbid: effect } : { action: effect }),
    levels,
    rules: words(form.get('rules')),
    lists: words(form.get('lists')),
    event_types: words(form.get('event_types')),
    families,
    ...(when && { when }),
  };
}

/** `policy` with the rule at `place` moved by `step`. */
export function moved(policy: DecisionPolicy, place: number, step: number): DecisionPolicy {
  const rules = [...(policy.rules ?? [])];
  const [rule] = rules.splice(place, 1);
  if (rule) rules.splice(Math.max(0, Math.min(rules.length, place + step)), 0, rule);
  return { ...policy, rules };
}
