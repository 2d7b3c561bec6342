import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import { client, unwrap } from '@/shared/api/client';
import type { AuditFinding } from '@/shared/api/types';
import { LAST_VERIFICATION } from './useLastVerification';

export interface Verification {
  state: 'idle' | 'running' | 'done' | 'failed' | 'stopped';
  /** Records that were checked, of how many there are to check. */
  checked: number;
  of: number;
  findings: readonly AuditFinding[];
  error: unknown;
}

const IDLE: Verification = { state: 'idle', checked: 0, of: 0, findings: [], error: null };

/** Verifies every record against the newest checkpoint, a part after the other, so that one sees it proceed. */
export function useVerification() {
  const [now, setNow] = useState<Verification>(IDLE);
  const stopped = useRef(false);
  const cache = useQueryClient();

  const start = useCallback(async () => {
    stopped.current = false;
    setNow({ ...IDLE, state: 'running' });
    const findings: AuditFinding[] = [];
    let first: number | null = 1;
    try {
      while (first !== null && !stopped.current) {
        const part: Awaited<ReturnType<typeof verify>> = await verify(first);
        findings.push(...part.findings);
        first = part.next;
        const state = first !== null ? 'running' : 'done';
        setNow({
          state,
          checked: part.last ?? part.size,
          of: part.size,
          findings: [...findings],
          error: null,
        });
      }
      if (first !== null) setNow((before) => ({ ...before, state: 'stopped' }));
    } catch (error) {
      setNow((before) => ({ ...before, state: 'failed', error }));
    }
    await cache.invalidateQueries({ queryKey: LAST_VERIFICATION });
  }, [cache]);

  const stop = useCallback(() => {
    stopped.current = true;
  }, []);
  return { now, start, stop };
}

const verify = (first: number) => unwrap(client.POST('/api/v1/audit/verify', { body: { first } }));
