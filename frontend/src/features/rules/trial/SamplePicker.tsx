import { useEffect, useId, useState } from 'react';
import type { AssessmentSummary } from '@/shared/api/types';
import { score } from '@/shared/format/number';
import { eventRef } from '@/shared/risk/eventRef';
import { LEVEL } from '@/shared/risk/scores/levels';
import { clock, zoneName } from '@/shared/time/format';
import { useRecent } from './useRecent';

/** How long after the last key the events are asked for, in milliseconds. */
const SETTLED = 350;

function words(one: AssessmentSummary): string {
  const amount = one.amount == null ? '' : ` · ${one.amount} ${one.currency ?? ''}`;
  return `${clock(new Date(one.occurred_at))} ${zoneName(new Date(one.occurred_at))} · ${one.account_id}${amount} · ${LEVEL[one.level].word} ${score(one.score)}`;
}

/** One of the latest events. */
export function SamplePicker({ value, onPick }: { value: string; onPick: (eventId: string) => void }) {
  const id = useId();
  const [typed, setTyped] = useState('');
  const [account, setAccount] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setAccount(typed.trim()), SETTLED);
    return () => clearTimeout(timer);
  }, [typed]);
  const { data: recent, error } = useRecent(account);
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium">
        A recent event
      </label>
      <div className="flex flex-wrap gap-2">
        <input
          type="search"
          aria-label="Of the account, exactly"
          placeholder="Any account"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          className="h-[34px] w-36 rounded-sm border border-control bg-panel px-2.5 placeholder:text-faint max-sm:w-full"
        />
        <select
          id={id}
          value={value}
          onChange={(event) => onPick(event.target.value)}
          className="h-[34px] min-w-0 flex-1 rounded-sm border border-control bg-panel px-2"
        >
          <option value="">{recent?.length === 0 ? 'No event is scored' : 'Choose one'}</option>
          {recent?.map((one) => (
            <option key={one.sequence} value={eventRef(one)}>
              {words(one)}
            </option>
          ))}
        </select>
      </div>
      {error && (
        <p className="mt-1 text-xs text-critical">The latest events could not be fetched: {error.message}</p>
      )}
    </div>
  );
}
