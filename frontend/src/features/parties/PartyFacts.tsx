import type { ReactNode } from 'react';
import type { Activity } from '@/shared/api/types';
import { count, plural } from '@/shared/format/number';
import { PartyLink } from '@/shared/risk/connections/PartyLink';
import { LevelName } from '@/shared/risk/scores/LevelMark';
import { LEVELS_DOWN } from '@/shared/risk/scores/levels';
import { Age } from '@/shared/time/Age';
import { Day } from '@/shared/time/Moment';

type Counts = readonly { value: string; events: number }[];

const values = (found: Counts): string =>
  found.map(({ value, events }) => `${value} ${count(events)}`).join(', ');

/** The figures at the head of the page: of all events, or of the newest 1,000 where there are more. */
export function PartyFacts({ activity: a }: { activity: Activity }) {
  const labelled = a.labels.fraud + a.labels.legitimate;
  return (
    <section aria-label="Facts" className="rounded-md border border-line bg-panel px-4 py-3">
      <dl className="flex flex-wrap gap-x-8 gap-y-3">
        <Figure name={a.complete ? 'Events' : 'Newest events'}>
          <span className="text-lg font-semibold">{count(a.events)}</span>
        </Figure>
        <Figure name="By level">
          <span className="flex flex-wrap gap-x-3.5">
            {LEVELS_DOWN.map((level) => (
              <span key={level} className="flex gap-1.5">
                <LevelName level={level} />{' '}
                <span className="tabular-nums">{count(a.by_level[level] ?? 0)}</span>
              </span>
            ))}
          </span>
        </Figure>
        <Figure name="First seen">
          <Day at={a.first_at} />
        </Figure>
        <Figure name="Last seen">
          <Age at={a.last_at} suffix=" ago" />
        </Figure>
        <Figure name="Learnt later">
          {labelled === 0 ? (
            <span className="text-faint">nothing yet</span>
          ) : (
            `${plural(a.labels.fraud, 'fraud', 'frauds')}, ${count(a.labels.legitimate)} legitimate`
          )}
        </Figure>
        <Values name="Types" found={a.types} />
        <Values name="Countries" found={a.countries} />
        <Values name="Channels" found={a.channels} />
        {a.devices.some(({ value }) => value !== a.id) && (
          <Figure name="Devices">
            <span className="flex flex-wrap gap-x-3 break-all">
              {a.devices.map(({ value, events }) => (
                <span key={value}>
                  <PartyLink kind="device" id={value} /> {count(events)}
                </span>
              ))}
            </span>
          </Figure>
        )}
      </dl>
      {!a.complete && (
        <p className="mt-2 text-xs text-faint">
          All but “first seen” is of the newest {count(a.events)} events; there are older ones.
        </p>
      )}
    </section>
  );
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="max-w-md min-w-0">
      <dt className="text-xs text-faint">{name}</dt>
      <dd className="flex min-h-6 flex-wrap items-center">{children}</dd>
    </div>
  );
}

function Values({ name, found }: { name: string; found: Counts }) {
  if (found.length === 0) return null;
  return (
    <Figure name={name}>
      <span className="line-clamp-2 break-all" title={values(found)}>
        {values(found)}
      </span>
    </Figure>
  );
}
