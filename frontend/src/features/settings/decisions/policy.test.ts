import { expect, test } from 'vitest';
import { conditionText, effectText, moved, ruleOf } from './policy';

test('a form becomes a rule of what was filled in, without words that mean nothing', () => {
  const form = new FormData();
  for (const [name, value] of Object.entries({
    name: 'step_up',
    effect: 'action:challenge',
    levels: 'medium, HIGH nonsense',
    lists: '',
    families: 'payment',
    when: ' event.amount > 5.0 ',
  }))
    form.set(name, value);
  const rule = ruleOf(form);
  expect(rule).toEqual({
    name: 'step_up',
    action: 'challenge',
    levels: ['MEDIUM', 'HIGH'],
    rules: [],
    lists: [],
    event_types: [],
    families: ['payment'],
    when: 'event.amount > 5.0',
  });
  expect(conditionText(rule)).toBe('level MEDIUM or HIGH, and family payment, and event.amount > 5.0');
  form.set('effect', 'forbid:approve');
  expect(effectText(ruleOf(form))).toBe('Never approve');
});

const rule = (name: string) => {
  const form = new FormData();
  form.set('name', name);
  return ruleOf(form);
};

test('a rule moves by a place, and not past the ends', () => {
  const policy = { rules: ['a', 'b', 'c'].map(rule), fallback: 'approve' as const };
  const names = (place: number, step: number) => moved(policy, place, step).rules?.map(({ name }) => name);
  expect(names(2, -1)).toEqual(['a', 'c', 'b']);
  expect(names(0, -1)).toEqual(['a', 'b', 'c']);
  expect(names(2, 1)).toEqual(['a', 'b', 'c']);
});
