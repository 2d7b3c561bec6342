import type { WebhookEvent } from '@/shared/api/types';

export const WEBHOOK_EVENTS: readonly { event: WebhookEvent; means: string }[] = [
  { event: 'alert.opened', means: 'an alert is raised' },
  { event: 'alert.updated', means: 'it grows, is assigned, noted or snoozed' },
  { event: 'alert.acknowledged', means: 'someone takes it' },
  { event: 'alert.resolved', means: 'it is decided' },
  { event: 'alert.reopened', means: 'it is opened again' },
  { event: 'alert.breached', means: 'a deadline was missed' },
  { event: 'decision.overturned', means: 'an analyst overturned a decision' },
  { event: 'decision.restored', means: 'that was undone' },
];

interface Props {
  chosen: ReadonlySet<WebhookEvent>;
  onChange: (chosen: ReadonlySet<WebhookEvent>) => void;
}

/** What a receiver is told of. */
export function EventChoice({ chosen, onChange }: Props) {
  const toggle = (event: WebhookEvent) => {
    const next = new Set(chosen);
    if (!next.delete(event)) next.add(event);
    onChange(next);
  };
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium">Told when</legend>
      {WEBHOOK_EVENTS.map(({ event, means }) => (
        <label key={event} className="flex cursor-pointer gap-2 py-1">
          <input
            type="checkbox"
            checked={chosen.has(event)}
            onChange={() => toggle(event)}
            className="mt-0.5 size-4 shrink-0 accent-accent"
          />
          <span>
            {means} <span className="font-mono text-2xs text-faint">{event}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
