import type { Delivery, Webhook } from '@/shared/api/types';
import { Age } from '@/shared/time/Age';
import { Tag } from '@/shared/ui/Tag';
import type { Column } from '@/shared/ui/table/columns';

export function WebhookState({ of: webhook }: { of: Webhook }) {
  if (!webhook.enabled) return <Tag look="bad">Disabled</Tag>;
  if (webhook.failing_since) return <Tag look="warn">Failing</Tag>;
  return <Tag look="good">Takes messages</Tag>;
}

export const WEBHOOK_COLUMNS: readonly Column<Webhook>[] = [
  { id: 'name', header: 'Name', width: 130, grow: 1, value: (w) => w.name, cell: (w) => w.name },
  {
    id: 'url',
    header: 'Where to',
    width: 180,
    grow: 2,
    cell: (w) => <span className="font-mono text-xs">{w.url}</span>,
  },
  { id: 'kind', header: 'Kind', width: 72, from: 640, cell: (w) => w.kind },
  {
    id: 'events',
    header: 'Told of',
    width: 76,
    from: 760,
    cell: (w) => <span title={w.events.join(', ')}>{w.events.length} kinds</span>,
  },
  { id: 'state', header: 'State', width: 112, cell: (w) => <WebhookState of={w} /> },
];

const LOOKS = { pending: 'warn', delivered: 'good', dead: 'bad' } as const;
const WORDS = { pending: 'Waits', delivered: 'Taken', dead: 'Given up' } as const;

export function DeliveryState({ of: delivery }: { of: Delivery }) {
  return <Tag look={LOOKS[delivery.status]}>{WORDS[delivery.status]}</Tag>;
}

/** What became of a message, in a few words. */
export function DeliveryStory({ of: d }: { of: Delivery }) {
  const answer = d.response_status ? `HTTP ${d.response_status}` : (d.error ?? 'not sent yet');
  return (
    <span title={d.error ?? undefined}>
      {answer}
      {d.attempts > 1 && <span className="text-faint">, {d.attempts} attempts</span>}
      {d.next_attempt_at && (
        <span className="text-faint"> · next in {untilNow(Date.parse(d.next_attempt_at) - Date.now())}</span>
      )}
    </span>
  );
}

const untilNow = (ms: number): string =>
  ms < 60_000 ? `${Math.max(0, Math.round(ms / 1000))} s` : `${Math.round(ms / 60_000)} min`;

export const When = ({ of: d }: { of: Delivery }) => <Age at={d.created_at} suffix=" ago" />;
