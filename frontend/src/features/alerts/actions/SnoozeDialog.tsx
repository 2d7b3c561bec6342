import { useState } from 'react';
import type { Alert } from '@/shared/api/types';
import { plural } from '@/shared/format/number';
import { momentText } from '@/shared/time/format';
import { FormDialog } from '@/shared/ui/dialogs/FormDialog';
import { Choice } from '@/shared/ui/fields/Choice';
import { Field } from '@/shared/ui/fields/Field';
import { ofAlerts } from '../words';
import { MOST_DAYS, snoozeChoices, toLocalInput } from './snoozes';

const OWN = 'own';

interface Props {
  alerts: readonly Alert[];
  onSnooze: (until: string, note: string) => void;
  onClose: () => void;
}

/** Asks until when alerts are put off. */
export default function SnoozeDialog({ alerts, onSnooze, onClose }: Props) {
  const [now] = useState(() => new Date());
  const choices = snoozeChoices(now);
  const [chosen, setChosen] = useState<string>(choices[0]?.name ?? OWN);
  const [own, setOwn] = useState('');
  const until =
    chosen === OWN ? (own ? new Date(own) : null) : choices.find(({ name }) => name === chosen)?.until;
  const title =
    alerts.length === 1
      ? `Snooze the alert on ${ofAlerts(alerts)}`
      : `Snooze ${plural(alerts.length, 'alert')}`;
  return (
    <FormDialog
      quick
      title={title}
      action="Snooze"
      disabled={!until}
      onClose={onClose}
      onSubmit={(form) => {
        if (until) onSnooze(until.toISOString(), String(form.get('note') ?? '').trim());
      }}
    >
      <p className="mb-4 text-muted">
        It leaves the queue and is not due until then. It comes back by itself, at once if something more
        severe joins it.
      </p>
      <fieldset className="mb-4 flex flex-col gap-1.5">
        <legend className="mb-1.5 font-medium">Until when?</legend>
        {choices.map(({ name, until: at }, index) => (
          <Choice
            key={name}
            group="until"
            value={name}
            chosen={chosen === name}
            focused={index === 0}
            onChoose={() => setChosen(name)}
          >
            <span className="font-medium">{name}</span>{' '}
            <span className="text-faint">{momentText(at, 'own')}</span>
          </Choice>
        ))}
        <Choice group="until" value={OWN} chosen={chosen === OWN} onChoose={() => setChosen(OWN)}>
          <span className="font-medium">Another time</span>
          {chosen === OWN && (
            <input
              type="datetime-local"
              aria-label="Until"
              required
              min={toLocalInput(now)}
              max={toLocalInput(new Date(now.getTime() + MOST_DAYS * 86_400_000))}
              value={own}
              onChange={(event) => setOwn(event.target.value)}
              className="mt-1.5 block rounded-sm border border-control bg-panel px-2 py-1"
            />
          )}
        </Choice>
      </fieldset>
      <Field name="note" label="Note (optional)" rows={2} maxLength={2000} />
    </FormDialog>
  );
}
