import { Link } from '@tanstack/react-router';
import { type EventName, eventRef } from '../eventRef';

/** The id of an event, leading to it. */
export function EventLink({ event }: { event: EventName }) {
  return (
    <Link
      to="/explore"
      search={{ event: eventRef(event) }}
      className="rounded-xs text-accent underline underline-offset-2"
      preload={false}
    >
      {event.event_id}
    </Link>
  );
}
