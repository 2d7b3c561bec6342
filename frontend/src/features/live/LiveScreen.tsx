import { lazy, Suspense, useCallback, useEffect } from 'react';
import type { RiskLevel } from '@/shared/api/types';
import { useCloseKey } from '@/shared/commands/useCloseKey';
import { useStream } from '@/shared/stream/StreamProvider';
import { useWide } from '@/shared/ui/useWide';
import { EventPanel } from './EventPanel';
import { LiveList } from './list/LiveList';
import { Figures } from './overview/Figures';
import { LevelChart } from './overview/LevelChart';
import { useMinutes } from './overview/useMinutes';
import { useAnnounceCritical } from './useAnnounceCritical';
import { useLiveSearch } from './useLiveSearch';

const Overview = lazy(() => import('./overview/Overview'));

export function LiveScreen() {
  const { search, change } = useLiveSearch();
  const { event, level = 'LOW' } = search;
  const { minutes, error, refetch } = useMinutes();
  const stream = useStream();
  const wide = useWide();
  useEffect(() => stream.setMinLevel(level), [stream, level]);
  useAnnounceCritical();

  const select = useCallback((eventId: string | undefined) => change({ event: eventId }), [change]);
  // The panel may be there before any row is, and is closed all the same.
  useCloseKey('Live', event !== undefined, () => select(undefined));
  const choose = useCallback(
    (next: RiskLevel) => change({ level: next === 'LOW' ? undefined : next }),
    [change],
  );
  return (
    <div className="flex h-full gap-3 overflow-y-auto p-3 max-lg:flex-col sm:gap-4 sm:p-4 lg:overflow-hidden">
      <title>Live · Risk</title>
      <h1 className="sr-only">Live</h1>
      <div className="flex min-w-0 flex-1 flex-col gap-3 sm:gap-4 max-lg:flex-none">
        <Figures minutes={minutes} />
        <LevelChart minutes={minutes} error={error} onRetry={() => void refetch()} />
        <LiveList level={level} selected={event} onSelect={select} onLevel={choose} />
      </div>
      {event && <EventPanel eventId={event} onClose={() => select(undefined)} />}
      {!(event && wide) && (
        // Its place is kept, so that nothing moves when it comes.
        <Suspense fallback={<div className="shrink-0 lg:w-80" />}>
          <Overview />
        </Suspense>
      )}
    </div>
  );
}
