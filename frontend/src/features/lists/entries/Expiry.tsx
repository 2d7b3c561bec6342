import { useZone } from '@/shared/preferences/zone';
import { Age } from '@/shared/time/Age';
import { calendarDate, clockMinute, duration } from '@/shared/time/format';
import { readings } from '@/shared/time/Moment';
import { useNow } from '@/shared/time/useNow';

/** Until when an entry holds. */
export function Expiry({ at }: { at: string | null | undefined }) {
  const now = useNow();
  useZone();
  if (!at) return <span className="text-faint">never</span>;
  const date = new Date(at);
  if (date.getTime() <= now) {
    return (
      <span className="text-faint line-through decoration-faint/50" title={readings(date)}>
        expired <Age at={at} suffix=" ago" />
      </span>
    );
  }
  return (
    <time dateTime={at} title={readings(date)}>
      {calendarDate(date)} {clockMinute(date)}{' '}
      <span className="text-xs text-faint">in {duration(date.getTime() - now)}</span>
    </time>
  );
}
