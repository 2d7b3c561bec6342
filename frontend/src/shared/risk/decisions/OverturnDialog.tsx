import { useState } from 'react';
import type { Action } from '@/shared/api/types';
import WhyDialog from '@/shared/ui/dialogs/WhyDialog';
import { Select } from '@/shared/ui/fields/Select';
import { ACTION_OPTIONS, DECISION } from './decisions';

const TEACHES: Partial<Record<Action, string>> = {
  approve: 'The event is labelled legitimate.',
  decline: 'The event is labelled fraud.',
};

interface Props {
  decided: Action;
  busy: boolean;
  error: Error | null;
  onConfirm: (action: Action, reason: string) => void;
  onClose: () => void;
}

/** Asks what holds instead of a decision, and why. */
export default function OverturnDialog({ decided, busy, error, onConfirm, onClose }: Props) {
  const [action, setAction] = useState<Action>(decided === 'approve' ? 'decline' : 'approve');
  return (
    <WhyDialog
      title={`Overturn: ${DECISION[decided].word}`}
      confirm="Overturn"
      busy={busy}
      error={error}
      onConfirm={(reason) => onConfirm(action, reason)}
      onClose={onClose}
    >
      <Select
        label="Instead"
        value={action}
        options={ACTION_OPTIONS.filter(({ value }) => value !== decided)}
        onChange={setAction}
      />
      <p className="mt-2">
        {TEACHES[action] ?? 'The event gets no label.'} Webhooks that ask for it are told. It can be undone.
      </p>
    </WhyDialog>
  );
}
