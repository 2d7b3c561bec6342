import { Link } from '@tanstack/react-router';
import type { DeadLetterDetail } from '@/shared/api/types';
import { eventRef } from '@/shared/risk/eventRef';
import { Moment } from '@/shared/time/Moment';
import { CopyText } from '@/shared/ui/CopyText';
import { Fact, Facts } from '@/shared/ui/panels/Facts';
import { LetterState } from './columns';

/** Why a record could not be scored, where it came from, and what was done about it. */
export function LetterFacts({ letter }: { letter: DeadLetterDetail }) {
  return (
    <div className="pb-4">
      <p className="mb-3 font-medium break-words">{letter.detail}</p>
      <Facts>
        <Fact name="State">
          <LetterState of={letter} />
          {letter.closed_by && <span className="block text-muted">by {letter.closed_by}</span>}
          {letter.note && <span className="block text-muted">{letter.note}</span>}
        </Fact>
        {letter.closed_at && (
          <Fact name="Closed">
            <Moment at={letter.closed_at} />
          </Fact>
        )}
        <Fact name="Reason">{letter.reason}</Fact>
        {letter.field && (
          <Fact name="Field">
            <span className="font-mono text-xs break-all">{letter.field}</span>
          </Fact>
        )}
        {letter.event_id && (
          <Fact name="Event">
            <CopyText text={letter.event_id} label="event id" />
            {letter.outcome === 'replayed' && (
              <Link
                to="/explore"
                search={{ event: eventRef({ event_id: letter.event_id, event_source: letter.event_source }) }}
                className="text-accent underline"
              >
                Its assessment
              </Link>
            )}
          </Fact>
        )}
        <Fact name="Received">
          <Moment at={letter.received_at} />
        </Fact>
        <Fact name="Came by">
          <span className="break-all">
            {letter.source}, position {letter.position}
          </span>
        </Fact>
      </Facts>
    </div>
  );
}
