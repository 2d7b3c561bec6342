import { useState } from 'react';
import type { PolicyRule } from '@/shared/api/types';
import { ACTIONS, DECISION } from '@/shared/risk/decisions/decisions';
import { ConfirmDialog } from '@/shared/ui/dialogs/ConfirmDialog';
import { Field } from '@/shared/ui/fields/Field';
import { Select } from '@/shared/ui/fields/Select';
import { ruleOf } from './policy';

const EFFECTS = [
  ...ACTIONS.map((action) => ({ value: `action:${action}`, label: DECISION[action].word })),
  ...ACTIONS.map((action) => ({
    value: `forbid:${action}`,
    label: `Never ${DECISION[action].word.toLowerCase()}`,
  })),
];

interface Props {
  /** What there is of it already. */
  rule: PolicyRule | undefined;
  onClose: () => void;
  onDone: (rule: PolicyRule) => void;
}

/** Asks what a rule of the policy looks for, and what it decides. */
export function RuleDialog({ rule, onClose, onDone }: Props) {
  const [effect, setEffect] = useState(
    rule?.forbid ? `forbid:${rule.forbid}` : `action:${rule?.action ?? 'review'}`,
  );
  const list = (values: readonly string[] | undefined) => values?.join(', ') ?? '';
  return (
    <ConfirmDialog
      title={rule ? `Rule ${rule.name}` : 'New rule of the policy'}
      action="Keep in the draft"
      onClose={onClose}
      onConfirm={(form) => {
        form.set('effect', effect);
        onDone(ruleOf(form));
      }}
    >
      <Field
        name="name"
        label="Name"
        required
        focused
        maxLength={48}
        defaultValue={rule?.name ?? ''}
        help="lower_snake"
      />
      <div>
        <p className="mb-1 font-medium">If all of it holds</p>
        <Select label="Effect" value={effect} options={EFFECTS} onChange={setEffect} />
      </div>
      <Field name="levels" label="Levels" defaultValue={list(rule?.levels)} help="HIGH, CRITICAL" />
      <Field name="rules" label="Rules that hit" defaultValue={list(rule?.rules)} help="By name" />
      <Field name="lists" label="Lists" defaultValue={list(rule?.lists)} help="On any of them" />
      <Field name="event_types" label="Event types" defaultValue={list(rule?.event_types)} />
      <Field name="families" label="Families" defaultValue={list(rule?.families)} help="payment, login …" />
      <Field
        name="when"
        label="Condition"
        rows={2}
        maxLength={4096}
        defaultValue={rule?.when ?? ''}
        help="CEL, as in rules: event.amount_base > 500.0"
      />
    </ConfirmDialog>
  );
}
