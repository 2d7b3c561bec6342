import { useQueryClient } from '@tanstack/react-query';
import { createContext, type PropsWithChildren, useContext, useEffect, useState } from 'react';
import { session } from '@/shared/session/store';
import { useStore } from '@/shared/store';
import { RiskStream } from './stream';

const StreamContext = createContext<RiskStream | null>(null);

/** Holds the page's one stream, connected while somebody is signed in. */
export function StreamProvider({ children }: PropsWithChildren) {
  const cache = useQueryClient();
  const [stream] = useState(() => new RiskStream(cache));
  const { token, email } = useStore(session);

  useEffect(() => {
    if (!token || !email) return;
    stream.start(email);
    return () => stream.stop();
  }, [stream, token, email]);

  return <StreamContext value={stream}>{children}</StreamContext>;
}

export function useStream(): RiskStream {
  const stream = useContext(StreamContext);
  if (!stream) throw new Error('useStream needs a StreamProvider above it');
  return stream;
}
