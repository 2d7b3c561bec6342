import Button from '@mui/material/Button';
import { useState } from 'react';
import { asProblem } from '@/shared/api/problem';
import type { EventTypeEntry } from '@/shared/api/types';
import { ConfirmDialog } from '@/shared/ui/dialogs/ConfirmDialog';
import { Field } from '@/shared/ui/fields/Field';
import { Select } from '@/shared/ui/fields/Select';
import { FLOWS } from './columns';
import { useEventTypeActions } from './useEventTypeActions';

type Family = EventTypeEntry['family'];
type Flow = NonNullable<EventTypeEntry['amounts']>;

const FAMILIES = (['payment', 'login', 'trade', 'metric', 'other'] as const).map((value) => ({
  value,
  label: value,
}));
const AMOUNTS = Object.entries(FLOWS).map(([value, label]) => ({ value: value as Flow, label }));

interface Props {
  /** What there is of it already; a name alone for a type that is not registered yet. */
  type: Partial<EventTypeEntry>;
  onClose: () => void;
}

/** Asks how events of a type are understood. */
export function EventTypeDialog({ type, onClose }: Props) {
  const { register, remove } = useEventTypeActions();
  const [family, setFamily] = useState<Family>(type.family ?? 'payment');
  const [amounts, setAmounts] = useState<Flow>(type.amounts ?? 'none');
  const failed = register.error ?? remove.error;
  const problem = failed && asProblem(failed);
  const text = (form: FormData, name: string) => String(form.get(name) ?? '').trim();
  const onConfirm = (form: FormData) => {
    const required = text(form, 'required')
      .split(/[\s,]+/)
      .filter(Boolean);
    const reason = text(form, 'reason');
    const body = { family, amounts, noun: text(form, 'noun'), required, ...(reason && { reason }) };
    register.mutate({ name: type.name ?? text(form, 'name'), body }, { onSuccess: onClose });
  };
  return (
    <ConfirmDialog
      title={type.name ? `Event type ${type.name}` : 'New event type'}
      action="Put in force"
      busy={register.isPending}
      error={failed}
      onClose={onClose}
      onConfirm={onConfirm}
    >
      {!type.name && (
        <Field
          name="name"
          label="Type, as it is sent"
          required
          focused
          maxLength={64}
          help="A lower_snake.dotted word, such as gift_card.load"
          error={problem?.field('name')}
        />
      )}
      <Field
        name="noun"
        label="Noun"
        required
        maxLength={40}
        defaultValue={type.noun ?? ''}
        help="What one such event is called in sentences: “the account had 3 gift card loads”"
        error={problem?.field('noun')}
      />
      <div className="flex flex-wrap gap-4">
        <div>
          <p className="mb-1 font-medium">Family</p>
          <Select label="Family" value={family} options={FAMILIES} onChange={setFamily} />
        </div>
        <div>
          <p className="mb-1 font-medium">Amounts</p>
          <Select label="Amounts" value={amounts} options={AMOUNTS} onChange={setAmounts} />
        </div>
      </div>
      <Field
        name="required"
        label="Required fields"
        defaultValue={type.required?.join(', ') ?? ''}
        help="An event without them is refused: amount, device_id, attributes.card …"
        error={problem?.fields.find(({ field }) => field.startsWith('required'))?.detail}
      />
      <Field name="reason" label="Why? It is kept with the version" maxLength={500} />
      {type.name && type.shipped === false && (
        <Button
          color="error"
          disabled={remove.isPending}
          onClick={() => remove.mutate(type.name ?? '', { onSuccess: onClose })}
        >
          Remove from the registry
        </Button>
      )}
    </ConfirmDialog>
  );
}
