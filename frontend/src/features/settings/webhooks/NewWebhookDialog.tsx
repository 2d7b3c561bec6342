import { useState } from 'react';
import { asProblem } from '@/shared/api/problem';
import type { RiskLevel, WebhookEvent, WebhookKind, WebhookWithSecret } from '@/shared/api/types';
import { ConfirmDialog } from '@/shared/ui/dialogs/ConfirmDialog';
import { Field } from '@/shared/ui/fields/Field';
import { Segments } from '@/shared/ui/fields/Segments';
import { EventChoice, WEBHOOK_EVENTS } from './EventChoice';
import { FilterFields, readFilter } from './FilterFields';
import { useNewWebhook } from './useWebhookActions';

const KINDS = [
  { value: 'standard', label: 'Signed messages' },
  { value: 'slack', label: 'Slack' },
] as const;

interface Props {
  onClose: () => void;
  onMade: (webhook: WebhookWithSecret) => void;
}

/** Asks whom to tell, and of what. */
export function NewWebhookDialog({ onClose, onMade }: Props) {
  const create = useNewWebhook();
  const [kind, setKind] = useState<WebhookKind>('standard');
  const [events, setEvents] = useState<ReadonlySet<WebhookEvent>>(
    new Set(WEBHOOK_EVENTS.map(({ event }) => event)),
  );
  const [level, setLevel] = useState<RiskLevel>('LOW');
  const problem = create.error && asProblem(create.error);
  const onConfirm = (form: FormData) => {
    const [name, url] = [String(form.get('name')).trim(), String(form.get('url')).trim()];
    create.mutate(
      { name, kind, url, events: [...events], filter: readFilter(form, level) },
      {
        onSuccess: (webhook) => {
          onMade(webhook);
          onClose();
        },
      },
    );
  };
  return (
    <ConfirmDialog
      title="New webhook"
      action="Make the webhook"
      busy={create.isPending}
      error={create.error}
      disabled={events.size === 0}
      onClose={onClose}
      onConfirm={onConfirm}
    >
      <Field name="name" label="Name" focused required maxLength={100} error={problem?.field('name')} />
      <div>
        <p className="mb-1 font-medium">Kind</p>
        <Segments label="Kind" value={kind} options={KINDS} onChange={setKind} />
      </div>
      <Field
        name="url"
        label="Where to"
        required
        maxLength={2000}
        help={
          kind === 'slack'
            ? 'The address of an incoming webhook. It is its password: it is shown without its path later.'
            : 'An https:// address that answers with a 2xx within 10 seconds'
        }
        error={problem?.field('url')}
      />
      <EventChoice chosen={events} onChange={setEvents} />
      <FilterFields
        filter={{ countries: [], event_types: [] }}
        level={level}
        onLevel={setLevel}
        error={(field) => problem?.field(field)}
      />
    </ConfirmDialog>
  );
}
