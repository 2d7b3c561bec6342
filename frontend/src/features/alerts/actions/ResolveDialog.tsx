import { useState } from 'react';
import type { Alert, Disposition, DispositionReason } from '@/shared/api/types';
import { plural } from '@/shared/format/number';
import { sentence } from '@/shared/format/words';
import { FormDialog } from '@/shared/ui/dialogs/FormDialog';
import { Choice } from '@/shared/ui/fields/Choice';
import { Field } from '@/shared/ui/fields/Field';
import { DISPOSITIONS, ofAlerts } from '../words';
import { useReasons } from './useReasons';

const LONGEST_NOTE = 2000;

interface Props {
  alerts: readonly Alert[];
  onResolve: (disposition: Disposition, reason: DispositionReason | null, note: string) => void;
  onClose: () => void;
}

/** Asks what alerts were found to be, and why. The engine learns from it, so nothing is chosen beforehand. */
export default function ResolveDialog({ alerts, onResolve, onClose }: Props) {
  const [disposition, setDisposition] = useState<Disposition | null>(null);
  const [reason, setReason] = useState<DispositionReason | null>(null);
  const taxonomy = useReasons();
  const reasons = taxonomy.data?.items.find((each) => each.disposition === disposition)?.reasons ?? [];
  const [first] = alerts;
  const title =
    alerts.length === 1
      ? `Resolve the alert on ${ofAlerts(alerts)}`
      : `Resolve ${plural(alerts.length, 'alert')}`;
  // The server takes a resolution without a reason: one that cannot be asked for holds nobody up.
  const complete = disposition !== null && (reason !== null || taxonomy.isError);
  /** A digit chooses: what it was, and then why. */
  const chooseByDigit = (digit: number) => {
    const found = DISPOSITIONS[digit - 1];
    const why = reasons[digit - 1];
    if (disposition === null) setDisposition(found?.value ?? null);
    else if (why) setReason(why);
  };
  return (
    <FormDialog
      quick
      onDigit={chooseByDigit}
      title={title}
      action="Resolve"
      disabled={!complete}
      onClose={onClose}
      onSubmit={(form) => {
        if (complete) onResolve(disposition, reason, String(form.get('note') ?? '').trim());
      }}
    >
      {alerts.length === 1 && <p className="mb-4 text-muted">{first?.reason_text}</p>}
      <fieldset className="mb-4 flex flex-col gap-1.5">
        <legend className="mb-1.5 font-medium">What was it?</legend>
        {DISPOSITIONS.map((each, index) => (
          <Choice
            key={each.value}
            group="disposition"
            value={each.value}
            chosen={disposition === each.value}
            focused={index === 0}
            onChoose={() => {
              setDisposition(each.value);
              setReason(null);
            }}
          >
            <span className="block font-medium">{each.word}</span>
            <span className="text-muted">{each.meaning}</span>
          </Choice>
        ))}
      </fieldset>
      {reasons.length > 0 && (
        <fieldset className="mb-4 grid gap-1.5 sm:grid-cols-2">
          <legend className="mb-1.5 font-medium">Why?</legend>
          {reasons.map((each) => (
            <Choice
              key={each}
              group="reason"
              value={each}
              chosen={reason === each}
              onChoose={() => setReason(each)}
            >
              {sentence(each)}
            </Choice>
          ))}
        </fieldset>
      )}
      <Field name="note" label="Note (optional)" rows={2} maxLength={LONGEST_NOTE} />
    </FormDialog>
  );
}
