import type { ReactNode } from 'react';
import type { AssessmentDetail } from '@/shared/api/types';
import { count } from '@/shared/format/number';
import { useZone } from '@/shared/preferences/zone';
import { Age } from '@/shared/time/Age';
import { zoneName } from '@/shared/time/format';
import { TimeOfDay } from '@/shared/time/Moment';
import { Kbd } from '@/shared/ui/Kbd';
import { Amount } from '../amounts/Amount';
import { PartyLink } from '../connections/PartyLink';

/** How long the account has used the device of its event, in words; null if that is not known. */
export function deviceAge({ features }: Pick<AssessmentDetail, 'features'>): string | null {
  const days = features.find(({ name }) => name === 'device_days')?.value;
  if (days == null) return null;
  if (days === 0) return 'first use';
  return days < 1 ? 'less than a day' : `${count(Math.floor(days))} d`;
}

/** What one asks of an event first, in one place, with the keys that lead on. */
export function FactCard({ assessment: a }: { assessment: AssessmentDetail }) {
  useZone();
  const age = deviceAge(a);
  return (
    <dl
      aria-label="Facts of the event"
      data-facts={a.event_id}
      className="mb-4 grid grid-cols-3 gap-px overflow-hidden rounded-sm border border-line bg-line"
    >
      <Item name="Amount">
        <Amount amount={a.amount} currency={a.currency} />
      </Item>
      <Item name="Counterparty" keys="O C" known={a.counterparty_id}>
        {a.counterparty_id && <PartyLink kind="counterparty" id={a.counterparty_id} />}
      </Item>
      <Item name="Country" known={a.country}>
        {a.country}
      </Item>
      <Item name="Device" keys="O D" known={a.device_id} {...(age ? { note: age } : {})}>
        {a.device_id && <PartyLink kind="device" id={a.device_id} />}
      </Item>
      <Item name="Address" keys="O I" known={a.ip}>
        {a.ip && <PartyLink kind="ip" id={a.ip} />}
      </Item>
      <Item name="Occurred" note={zoneName(new Date(a.occurred_at))}>
        <TimeOfDay at={a.occurred_at} />{' '}
        <span className="text-xs text-faint">
          <Age at={a.occurred_at} suffix=" ago" />
        </span>
      </Item>
    </dl>
  );
}

interface ItemProps {
  name: string;
  /** The keys that open its page. */
  keys?: string;
  /** What stands beside the name. */
  note?: string;
  /** Without it a dash stands for the value. */
  known?: string | null | undefined;
  children: ReactNode;
}

function Item({ name, keys, note, known, children }: ItemProps) {
  const missing = known !== undefined && !known;
  return (
    <div className="min-w-0 bg-panel px-2.5 py-1.5">
      <dt className="flex items-center gap-1.5 text-xs text-faint">
        <span className="truncate">{name}</span>
        {note && <span className="truncate text-muted">{note}</span>}
        {keys && !missing && (
          <span aria-hidden="true" className="ml-auto hidden gap-0.5 lg:flex">
            {keys.split(' ').map((key) => (
              <Kbd key={key}>{key}</Kbd>
            ))}
          </span>
        )}
      </dt>
      <dd className="truncate font-medium" title={known ?? undefined}>
        {missing || known === null ? <span className="text-faint">–</span> : children}
      </dd>
    </div>
  );
}
