import type { Alert } from '@/shared/api/types';
import { useZone } from '@/shared/preferences/zone';
import { clockMinute } from '@/shared/time/format';
import { readings } from '@/shared/time/Moment';
import { useNow } from '@/shared/time/useNow';
import type { Action } from '../actions/actions';
import { isSnoozed } from '../search';
import { dispositionWord, PENDING_WORD, STATUS_WORD } from '../words';

/** Where an alert stands; what is only asked for is said to be so. */
export function StatusName({ alert, pending }: { alert: Alert; pending: Action['kind'] | undefined }) {
  const now = useNow();
  useZone();
  if (pending) return <span className="animate-pulse text-accent">{PENDING_WORD[pending]}</span>;
  if (alert.status === 'resolved' && alert.disposition) {
    return <span className="text-faint">{dispositionWord(alert.disposition)}</span>;
  }
  if (alert.snoozed_until && isSnoozed(alert, now)) {
    const until = new Date(alert.snoozed_until);
    return (
      <span className="text-muted" title={readings(until)}>
        Snoozed to {clockMinute(until)}
      </span>
    );
  }
  return (
    <span className={alert.status === 'open' ? 'font-medium' : 'text-muted'}>
      {STATUS_WORD[alert.status]}
    </span>
  );
}
