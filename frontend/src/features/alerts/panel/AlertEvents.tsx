import Button from '@mui/material/Button';
import { useState } from 'react';
import { asProblem } from '@/shared/api/problem';
import type { AlertDetail } from '@/shared/api/types';
import { count, plural, score } from '@/shared/format/number';
import { Amount } from '@/shared/risk/amounts/Amount';
import { eventRef } from '@/shared/risk/eventRef';
import { LevelName } from '@/shared/risk/scores/LevelMark';
import { useMayAct } from '@/shared/session/useMayAct';
import { Age } from '@/shared/time/Age';
import { Select } from '@/shared/ui/fields/Select';
import { useLabelEvent } from './useLabelEvent';

const FIRST = 12;
const LABELS = [
  { value: 'fraud', label: 'Fraud' },
  { value: 'legitimate', label: 'Legitimate' },
] as const;
const NONE = { value: 'none', label: 'No label' } as const;

const labelOf = (fraud: boolean | null | undefined) =>
  fraud == null ? 'none' : fraud ? 'fraud' : 'legitimate';

/** The events of an alert, last scored first, and what each turned out to be. */
export function AlertEvents({ detail }: { detail: AlertDetail }) {
  const mayAct = useMayAct();
  const label = useLabelEvent(detail.id);
  const [all, setAll] = useState(false);
  const events = all ? detail.events : detail.events.slice(0, FIRST);
  const problem = label.error && asProblem(label.error);
  return (
    <div>
      <table className="w-full">
        <caption className="pb-1 text-left text-muted">
          {detail.event_count > events.length
            ? `The last ${events.length} of ${count(detail.event_count)} events`
            : plural(detail.event_count, 'event')}
        </caption>
        <thead className="text-left text-xs text-faint">
          <tr>
            <th scope="col" className="font-medium">
              Level
            </th>
            <th scope="col" className="pr-3 text-right font-medium">
              Score
            </th>
            <th scope="col" className="pr-3 text-right font-medium">
              Amount
            </th>
            <th scope="col" className="font-medium">
              Counterparty
            </th>
            <th scope="col" className="text-right font-medium">
              Age
            </th>
            <th scope="col" className="pl-3 font-medium">
              Label
            </th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => {
            const value = labelOf(event.fraud);
            return (
              <tr key={event.sequence} data-event={event.event_id}>
                <td className="py-0.5 pr-3">
                  <LevelName level={event.level} />
                </td>
                <td className="pr-3 text-right tabular-nums">{score(event.score)}</td>
                <td className="pr-3 text-right">
                  <Amount amount={event.amount} currency={event.currency} />
                </td>
                <td className="max-w-24 truncate pr-3 text-muted" title={event.counterparty_id ?? undefined}>
                  {event.counterparty_id}
                </td>
                <td className="text-right whitespace-nowrap text-faint">
                  <Age at={event.occurred_at} />
                </td>
                <td className="py-0.5 pl-3">
                  {mayAct ? (
                    <Select
                      label={`Label of the event of ${event.occurred_at}`}
                      value={value}
                      options={value === 'none' ? [NONE, ...LABELS] : LABELS}
                      onChange={(next) => label.mutate({ event: eventRef(event), fraud: next === 'fraud' })}
                    />
                  ) : (
                    <span className={value === 'none' ? 'text-faint' : ''}>
                      {[NONE, ...LABELS].find((each) => each.value === value)?.label}
                    </span>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {problem && (
        <p role="alert" className="mt-1 text-critical">
          Not labelled: {problem.title}. {problem.detail}
        </p>
      )}
      {detail.events.length > FIRST && !all && (
        <Button onClick={() => setAll(true)}>Show {plural(detail.events.length, 'event')}</Button>
      )}
    </div>
  );
}
