import type { AssessmentDetail, AssessmentSummary } from '@/shared/api/types';
import { entityOfAttribute } from '@/shared/entities/attributes';
import { eventRef, STREAM } from '@/shared/risk/eventRef';
import { useStore } from '@/shared/store';
import { latency } from '@/shared/time/format';
import { Moment } from '@/shared/time/Moment';
import { CopyText } from '@/shared/ui/CopyText';
import { Fact, Facts } from '@/shared/ui/panels/Facts';
import { Amount } from '../amounts/Amount';
import { EventLink } from '../connections/EventLink';
import { PartyLink } from '../connections/PartyLink';
import { LIT, lit } from '../scores/lit';
import { leaves } from './attributes';
import { useEntityKeys } from './useEntityKeys';

interface Props {
  assessment: AssessmentSummary & Partial<AssessmentDetail>;
}

const since = (from: string, to: string): string => latency(Date.parse(to) - Date.parse(from));

/** The event itself, and when it went through the engine. */
export function AssessmentFacts({ assessment: a }: Props) {
  const { fields } = useStore(lit);
  useEntityKeys(a);
  const on = (field: string) => (fields.has(field) ? LIT : undefined);
  return (
    <Facts>
      <Fact name="Event">
        <CopyText text={a.event_id} label="event id" />
      </Fact>
      {a.event_source !== STREAM && <Fact name="Id of">{a.event_source}</Fact>}
      <Fact name="Type" lit={on('event_type')}>
        {a.event_type}
      </Fact>
      <Fact name="Account" lit={on('account_id')}>
        <PartyLink kind="account" id={a.account_id} />
      </Fact>
      {a.counterparty_id && (
        <Fact name="Counterparty" lit={on('counterparty_id')}>
          <PartyLink kind="counterparty" id={a.counterparty_id} />
        </Fact>
      )}
      {a.amount != null && (
        <Fact name="Amount" lit={on('amount')}>
          <Amount amount={a.amount} currency={a.currency} />
        </Fact>
      )}
      {a.channel && (
        <Fact name="Channel" lit={on('channel')}>
          {a.channel}
        </Fact>
      )}
      {a.country && (
        <Fact name="Country" lit={on('country')}>
          {a.country}
        </Fact>
      )}
      {a.notes && a.notes.length > 0 && <Fact name="Note">{a.notes.join('. ')}</Fact>}
      {a.device_id && (
        <Fact name="Device" lit={on('device_id')}>
          <PartyLink kind="device" id={a.device_id} />
        </Fact>
      )}
      {a.ip && (
        <Fact name="IP address" lit={on('ip')}>
          <PartyLink kind="ip" id={a.ip} />
        </Fact>
      )}
      {a.original_event_id && (
        <Fact name="Undoes" lit={on('original_event_id')}>
          <EventLink event={{ event_id: a.original_event_id, event_source: a.event_source ?? STREAM }} />
        </Fact>
      )}
      {a.undone_by && a.undone_by.length > 0 && (
        <Fact name="Undone by">
          {a.undone_by.map((one) => (
            <span key={eventRef(one)} className="block">
              {one.event_type} <EventLink event={one} />
              {one.amount != null && (
                <>
                  {' '}
                  of <Amount amount={one.amount} currency={one.currency} />
                </>
              )}
            </span>
          ))}
        </Fact>
      )}
      {leaves(a.attributes ?? {}).map(([key, value]) => (
        <Fact key={key} name={key} lit={on('attributes')}>
          <AttributeValue name={key} value={value} />
        </Fact>
      ))}
      <Fact name="Occurred" lit={on('occurred_at')}>
        <Moment at={a.occurred_at} />
      </Fact>
      <Fact name="Received">{since(a.occurred_at, a.received_at)} after it occurred</Fact>
      <Fact name="Scored">{since(a.received_at, a.scored_at)} after it was received</Fact>
      {a.scorer && (
        <Fact name="Scorer">
          {a.scorer}, configuration {a.config_version}
        </Fact>
      )}
    </Facts>
  );
}

function AttributeValue({ name, value }: { name: string; value: unknown }) {
  const entity = entityOfAttribute(name, value);
  if (entity) return <PartyLink {...entity} />;
  return value === null ? <span className="text-faint">null</span> : String(value);
}
