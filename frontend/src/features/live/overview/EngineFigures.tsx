import { rate } from '@/shared/format/number';
import { useStore } from '@/shared/store';
import { useStream } from '@/shared/stream/StreamProvider';
import { useConnection } from '@/shared/stream/useConnection';
import { duration, latency } from '@/shared/time/format';
import { useNow } from '@/shared/time/useNow';
import { Figure } from './Figure';

/** The engine reports once a second; after this long its last report says nothing of now. */
const STALE_MS = 5_000;

export function EngineFigures() {
  const report = useStore(useStream().engine);
  const silence = useNow() - (report?.heardAt ?? 0);
  const cut = useConnection().state !== 'connected';
  const stale = cut || !report || silence > STALE_MS;
  const quiet = report ? `last report ${duration(silence)} ago` : 'no report yet';
  const [lag = '', unit = ''] = report ? latency(report.stats.lag_ms).split(' ') : [];
  return (
    <>
      <Figure
        name="Scored"
        value={stale ? null : rate(report.stats.events_per_second)}
        unit="events/s"
        note={stale ? quiet : 'over the last second'}
      />
      <Figure
        name="Engine lag"
        value={stale ? null : lag}
        unit={unit}
        note={stale ? quiet : 'from arrival to stored'}
      />
    </>
  );
}
