import { useMemo } from 'react';
import { useStore } from '@/shared/store';
import { useStream } from '@/shared/stream/StreamProvider';
import { type Minute, withReport } from './minutes';
import { useRiskStats } from './useRiskStats';

/** The last 60 minutes, up to the second. */
export function useMinutes() {
  const query = useRiskStats();
  const report = useStore(useStream().engine)?.stats;
  const minutes: Minute[] | undefined = useMemo(
    () => query.data && withReport(query.data, report),
    [query.data, report],
  );
  return { minutes, error: query.error, refetch: query.refetch };
}
