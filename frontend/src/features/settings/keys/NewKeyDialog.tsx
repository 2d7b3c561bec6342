import { useState } from 'react';
import { asProblem } from '@/shared/api/problem';
import type { ApiKeyWithSecret, NewApiKey } from '@/shared/api/types';
import { ConfirmDialog } from '@/shared/ui/dialogs/ConfirmDialog';
import { Field } from '@/shared/ui/fields/Field';
import { Select } from '@/shared/ui/fields/Select';
import { useKeyActions } from './useKeyActions';

type Scope = NewApiKey['scopes'][number];

const SCOPES: readonly { scope: Scope; means: string }[] = [
  { scope: 'events:write', means: 'send events' },
  { scope: 'labels:write', means: 'say what events turned out to be' },
  { scope: 'risk:read', means: 'see assessments' },
  { scope: 'alerts:read', means: 'see alerts' },
  { scope: 'lists:read', means: 'see lists' },
  { scope: 'lists:write', means: 'change what is on lists' },
  { scope: 'rules:read', means: 'see rules' },
  { scope: 'config:read', means: 'see thresholds and alert policy' },
];
const DAYS = [
  { value: '0', label: 'Never' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
] as const;

interface Props {
  onClose: () => void;
  onMade: (key: ApiKeyWithSecret) => void;
}

/** Asks what a key is for, what it may do, and until when. */
export function NewKeyDialog({ onClose, onMade }: Props) {
  const { create } = useKeyActions();
  const [scopes, setScopes] = useState<ReadonlySet<Scope>>(new Set(['events:write']));
  const [days, setDays] = useState<(typeof DAYS)[number]['value']>('0');
  const problem = create.error && asProblem(create.error);
  const toggle = (scope: Scope) => {
    const next = new Set(scopes);
    if (!next.delete(scope)) next.add(scope);
    setScopes(next);
  };
  const onConfirm = (form: FormData) => {
    const expires = days === '0' ? null : new Date(Date.now() + Number(days) * 86_400_000).toISOString();
    create.mutate(
      {
        name: String(form.get('name')).trim(),
        scopes: [...scopes],
        expires_at: expires,
        event_source: String(form.get('event_source') ?? '').trim() || null,
      },
      {
        onSuccess: (key) => {
          onMade(key);
          onClose();
        },
      },
    );
  };
  return (
    <ConfirmDialog
      title="New API key"
      action="Make the key"
      busy={create.isPending}
      error={create.error}
      disabled={scopes.size === 0}
      onClose={onClose}
      onConfirm={onConfirm}
    >
      <Field
        name="name"
        label="Name"
        focused
        required
        maxLength={60}
        help="The machine that uses it, such as payments gateway"
        error={problem?.field('name')}
      />
      <Field
        name="event_source"
        label="Source of its event ids (optional)"
        maxLength={64}
        help="Whose ids its events have: left out, this key's own (key: and its name). Keys of one source share their ids."
        error={problem?.field('event_source')}
      />
      <fieldset className="grid gap-x-4 sm:grid-cols-2">
        <legend className="mb-1.5 font-medium">It may</legend>
        {SCOPES.map(({ scope, means }) => (
          <label key={scope} className="flex cursor-pointer gap-2 py-1">
            <input
              type="checkbox"
              checked={scopes.has(scope)}
              onChange={() => toggle(scope)}
              className="mt-0.5 size-4 shrink-0 accent-accent"
            />
            <span>
              <span className="block">{means}</span>
              <span className="block font-mono text-2xs text-faint">{scope}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <span className="flex items-center gap-3">
        <span className="font-medium">Expires</span>
        <Select label="Expires" value={days} options={DAYS} onChange={setDays} />
      </span>
    </ConfirmDialog>
  );
}
