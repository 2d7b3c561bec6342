import Button from '@mui/material/Button';
import { useEffect } from 'react';
import { useStore } from '@/shared/store';
import type { ConnectionState } from '@/shared/stream/connection';
import { unknownUpdates } from '@/shared/stream/protocol';
import { useStream } from '@/shared/stream/StreamProvider';
import { useConnection } from '@/shared/stream/useConnection';
import { duration } from '@/shared/time/format';
import { useNow } from '@/shared/time/useNow';
import { announce } from '@/shared/ui/notices/Announcer';

const WORDS: Record<ConnectionState, string> = {
  connecting: 'Connecting',
  connected: 'Connected',
  reconnecting: 'Reconnecting',
  offline: 'Offline',
};

/** Away from the usual it stands out, in words, colour and shape. */
const LOOK: Record<ConnectionState, string> = {
  connecting: 'text-muted',
  connected: 'text-muted',
  reconnecting: 'rounded-xs bg-medium-wash py-0.5 text-medium',
  offline: 'rounded-xs bg-critical-wash py-0.5 text-critical',
};

const DOT: Record<ConnectionState, string> = {
  connecting: 'border-2 border-control',
  connected: 'bg-accent',
  reconnecting: 'border-2 border-medium-mark',
  offline: 'bg-critical-mark rounded-none!',
};

/** Whether the page is being told what happens, and if not, how old it is. */
export function ConnectionBadge() {
  const { state, lastHeard } = useConnection();
  const stream = useStream();
  const outdated = useStore(unknownUpdates) > 0;
  useEffect(() => announce(state === 'connecting' ? '' : WORDS[state]), [state]);
  return (
    <div
      className={`flex items-center gap-2 px-1.5 whitespace-nowrap ${LOOK[state]}`}
      data-connection={state}
    >
      <span aria-hidden="true" className={`size-2 rounded-full ${DOT[state]}`} />
      <span className={state === 'connected' ? 'max-sm:sr-only' : ''}>{WORDS[state]}</span>
      {state !== 'connected' && lastHeard !== null && <Staleness since={lastHeard} />}
      {outdated && <Button onClick={() => location.reload()}>Reload for the newest version</Button>}
      {state === 'offline' && <Button onClick={stream.retryNow}>Retry</Button>}
    </div>
  );
}

function Staleness({ since }: { since: number }) {
  return <span className="max-sm:sr-only">data is {duration(useNow() - since)} old</span>;
}
