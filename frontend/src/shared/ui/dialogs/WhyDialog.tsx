import type { PropsWithChildren } from 'react';
import { Field } from '../fields/Field';
import { Refused } from '../notices/Refused';
import { FormDialog } from './FormDialog';

interface Props {
  title: string;
  confirm: string;
  busy: boolean;
  error?: Error | null;
  onConfirm: (reason: string) => void;
  onClose: () => void;
}

/** Asks why, before something is done that stays in the history. */
export default function WhyDialog(props: PropsWithChildren<Props>) {
  const { title, confirm, busy, error = null, onConfirm, onClose, children } = props;
  return (
    <FormDialog
      title={title}
      action={confirm}
      busy={busy}
      onClose={onClose}
      onSubmit={(form) => {
        const reason = String(form.get('reason') ?? '').trim();
        if (reason) onConfirm(reason);
      }}
    >
      <div className="mb-4 text-muted">{children}</div>
      <Refused error={error} />
      <Field
        name="reason"
        label="Why?"
        required
        maxLength={500}
        focused
        help="It stays stored, with your name."
      />
    </FormDialog>
  );
}
