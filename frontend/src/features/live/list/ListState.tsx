import { useConnection } from '@/shared/stream/useConnection';
import { duration } from '@/shared/time/format';
import { useNow } from '@/shared/time/useNow';

interface Props {
  paused: boolean;
  held: boolean;
}

/** Why the list does not move, in a place where saying so moves nothing. */
export function ListState({ paused, held }: Props) {
  const { state, lastHeard } = useConnection();
  if (state === 'reconnecting' || state === 'offline') return <Stopped since={lastHeard} />;
  return (
    <span className="text-faint max-sm:hidden">{paused ? 'Paused' : held ? 'Held while you read' : ''}</span>
  );
}

function Stopped({ since }: { since: number | null }) {
  const now = useNow();
  return (
    <span className="rounded-xs bg-medium-wash px-2 py-0.5 text-medium">
      {since === null ? 'Not live' : `Not live: stopped ${duration(now - since)} ago`}
    </span>
  );
}
