import Button from '@mui/material/Button';
import { useState } from 'react';
import { asProblem } from '@/shared/api/problem';
import type { Webhook, WebhookWithSecret } from '@/shared/api/types';
import { useConfiguration } from '@/shared/risk/useConfiguration';
import { Age } from '@/shared/time/Age';
import { Moment } from '@/shared/time/Moment';
import { CopyText } from '@/shared/ui/CopyText';
import { ConfirmDialog } from '@/shared/ui/dialogs/ConfirmDialog';
import { Fact, Facts } from '@/shared/ui/panels/Facts';
import { Section } from '@/shared/ui/panels/Section';
import { SidePanel } from '@/shared/ui/panels/SidePanel';
import { WebhookState } from './columns';
import { Deliveries } from './Deliveries';
import { EventChoice } from './EventChoice';
import { FilterDialog } from './FilterDialog';
import { filterWords } from './FilterFields';
import { useWebhookActions } from './useWebhookActions';

interface Props {
  webhook: Webhook;
  onSecret: (webhook: WebhookWithSecret) => void;
  onClose: () => void;
}

/** One receiver: whether it takes messages, which it was sent, and what can be changed. */
export function WebhookPanel({ webhook, onSecret, onClose }: Props) {
  const actions = useWebhookActions(webhook);
  const { change, rotate, test, remove } = actions;
  const [asking, setAsking] = useState<'filter' | 'rotate' | 'remove' | null>(null);
  const refused = change.error ?? test.error;
  const enabled = webhook.enabled;
  const base = useConfiguration().data?.alert_policy.exchange.base ?? '';
  return (
    <SidePanel title={webhook.name} onClose={onClose}>
      <div className="pb-4">
        <Facts>
          <Fact name="State">
            <WebhookState of={webhook} />
            {webhook.disabled_reason && <span className="block text-muted">{webhook.disabled_reason}</span>}
            {enabled && webhook.failing_since && (
              <span className="block text-muted">
                for <Age at={webhook.failing_since} />; messages wait
              </span>
            )}
          </Fact>
          <Fact name="Where to">
            <CopyText text={webhook.url} label="address" />
          </Fact>
          <Fact name="Kind">{webhook.kind === 'slack' ? 'Slack' : 'Signed messages'}</Fact>
          <Fact name="Alerts">
            <span data-filter>{filterWords(webhook.filter, base)}</span>{' '}
            <button
              type="button"
              className="text-accent underline underline-offset-2"
              onClick={() => {
                change.reset();
                setAsking('filter');
              }}
            >
              Change…
            </button>
          </Fact>
          <Fact name="Made">
            <Moment at={webhook.created_at} />
            <span className="block text-muted">by {webhook.created_by}</span>
          </Fact>
        </Facts>
        <div className="mt-4 flex flex-wrap gap-2">
          <Button variant="outlined" color="inherit" loading={test.isPending} onClick={() => test.mutate()}>
            Send a test
          </Button>
          <Button
            variant="outlined"
            color="inherit"
            loading={change.isPending}
            onClick={() => change.mutate({ enabled: !enabled })}
          >
            {enabled ? 'Disable' : 'Enable'}
          </Button>
          {webhook.kind === 'standard' && (
            <Button variant="outlined" color="inherit" onClick={() => setAsking('rotate')}>
              New secret…
            </Button>
          )}
          <Button variant="outlined" color="error" onClick={() => setAsking('remove')}>
            Delete…
          </Button>
        </div>
        {refused && (
          <p role="alert" className="mt-2 text-critical">
            {asProblem(refused).title}. {asProblem(refused).detail}
          </p>
        )}
      </div>
      <Section title="Deliveries">
        <Deliveries webhook={webhook} actions={actions} />
      </Section>
      <Section title="What it is told of">
        <EventChoice
          chosen={new Set(webhook.events)}
          onChange={(events) => events.size > 0 && change.mutate({ events: [...events] })}
        />
      </Section>
      {asking === 'filter' && (
        <FilterDialog webhook={webhook} change={change} onClose={() => setAsking(null)} />
      )}
      {asking === 'rotate' && (
        <ConfirmDialog
          title="Make a new secret?"
          action="Make a new secret"
          busy={rotate.isPending}
          error={rotate.error}
          onClose={() => setAsking(null)}
          onConfirm={() =>
            rotate.mutate(undefined, {
              onSuccess: (next) => {
                setAsking(null);
                onSecret(next);
              },
            })
          }
        >
          <p className="text-muted">For 24 hours messages carry signatures by the present secret, too.</p>
        </ConfirmDialog>
      )}
      {asking === 'remove' && (
        <ConfirmDialog
          title={`Delete the webhook ${webhook.name}?`}
          action="Delete"
          grave
          busy={remove.isPending}
          error={remove.error}
          onClose={() => setAsking(null)}
          onConfirm={() => remove.mutate(undefined, { onSuccess: onClose })}
        >
          <p className="text-muted">Its log is forgotten, and so is what it was still to be told.</p>
        </ConfirmDialog>
      )}
    </SidePanel>
  );
}
