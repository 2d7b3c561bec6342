import { useZone } from '@/shared/preferences/zone';
import { duration } from './format';
import { readings } from './Moment';
import { useNow } from './useNow';

/** How long ago, kept current. */
export function Age({ at, suffix = '' }: { at: string; suffix?: string }) {
  const now = useNow();
  useZone();
  const date = new Date(at);
  return (
    <time dateTime={at} title={readings(date)}>
      {duration(now - date.getTime())}
      {suffix}
    </time>
  );
}
