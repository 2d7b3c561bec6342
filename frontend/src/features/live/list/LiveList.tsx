import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import type { RiskLevel } from '@/shared/api/types';
import { useCommands } from '@/shared/commands/registry';
import { LEVEL, LEVELS } from '@/shared/risk/scores/levels';
import { useStore } from '@/shared/store';
import { useStream } from '@/shared/stream/StreamProvider';
import { LiveEmpty, LiveWaiting } from './LiveEmpty';
import { LiveToolbar } from './LiveToolbar';
import { NewRows } from './NewRows';
import { useHeldRows } from './useHeldRows';
import { useHold } from './useHold';

/** On its way while the first rows are. */
const load = () => import('./LiveTable');
const LiveTable = lazy(load);

interface Props {
  level: RiskLevel;
  selected: string | undefined;
  onSelect: (eventId: string | undefined) => void;
  onLevel: (level: RiskLevel) => void;
}

/** The live list with all that governs it. */
export function LiveList({ level, selected, onSelect, onLevel }: Props) {
  const stream = useStream();
  const rows = useStore(stream.feed.rows);
  const [paused, setPaused] = useState(false);
  const hold = useHold();
  const held = paused || hold.reading;
  const { shown, fresh, catchUp } = useHeldRows(rows, held);
  const scroller = useRef<HTMLDivElement>(null);
  useEffect(() => {
    load().catch(() => undefined);
  }, []);
  const toTop = () => {
    scroller.current?.scrollTo({ top: 0 });
    catchUp();
  };
  useCommands([
    {
      id: 'live.pause',
      group: 'Live',
      name: paused ? 'Resume' : 'Pause',
      keys: ['p'],
      run: () => setPaused(!paused),
    },
    { id: 'live.new', group: 'Live', name: 'Show what is new', keys: ['.'], when: fresh > 0, run: toTop },
    ...LEVELS.map((each) => ({
      id: `live.level.${each}`,
      group: 'Live',
      name:
        each === 'LOW'
          ? 'Show all levels'
          : `Show only ${LEVEL[each].word}${each === 'CRITICAL' ? '' : ' and above'}`,
      run: () => onLevel(each),
    })),
  ]);
  return (
    <section
      aria-labelledby="list-title"
      className="flex flex-1 flex-col overflow-hidden rounded-md border border-line bg-panel max-lg:h-[72vh] max-lg:flex-none lg:min-h-0"
    >
      <LiveToolbar level={level} onLevel={onLevel} paused={paused} onPaused={setPaused} held={held} />
      <div className="relative flex min-h-0 flex-1 flex-col">
        {fresh > 0 && <NewRows rows={rows.slice(0, fresh)} onShow={toTop} />}
        {shown.length === 0 ? (
          <LiveEmpty level={level} onAll={() => onLevel('LOW')} />
        ) : (
          <Suspense fallback={<LiveWaiting />}>
            <LiveTable
              rows={shown}
              selected={selected}
              onSelect={onSelect}
              hold={hold}
              scroller={scroller}
              moving={!held}
            />
          </Suspense>
        )}
      </div>
    </section>
  );
}
