import { useId } from 'react';
import type { AssessmentSummary } from '@/shared/api/types';
import { score } from '@/shared/format/number';
import { LEVEL } from '@/shared/risk/levels';
import { utcTime } from '@/shared/time/format';
import { useRecent } from './useRecent';

function words(one: AssessmentSummary): string {
  const amount = one.amount == null ? '' : ` · ${one.amount} ${one.currency ?? ''}`;
  return `${utcTime(new Date(one.occurred_at))} UTC · ${one.account_id}${amount} · ${LEVEL[one.level].word} ${score(one.score)}`;
}

/** One of the latest events. */
export function SamplePicker({ value, onPick }: { value: string; onPick: (eventId: string) => void }) {
  const id = useId();
  const { data: recent, error } = useRecent();
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium">
        A recent event
      </label>
      <select
        id={id}
        value={value}
        onChange={(event) => onPick(event.target.value)}
        className="h-[34px] w-full rounded-sm border border-control bg-panel px-2"
      >
        <option value="">{recent?.length === 0 ? 'Nothing is scored yet' : 'Choose one'}</option>
        {recent?.map((one) => (
          <option key={one.event_id} value={one.event_id}>
            {words(one)}
          </option>
        ))}
      </select>
      {error && (
        <p className="mt-1 text-xs text-critical">The latest events could not be fetched: {error.message}</p>
      )}
    </div>
  );
}
