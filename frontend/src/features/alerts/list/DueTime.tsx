import type { Alert } from '@/shared/api/types';
import { useZone } from '@/shared/preferences/zone';
import { Age } from '@/shared/time/Age';
import { readings } from '@/shared/time/Moment';
import { useNow } from '@/shared/time/useNow';
import { person } from '../words';
import { type DeadlineState, deadline } from './deadline';

const STYLE: Record<DeadlineState, string> = {
  none: 'text-faint',
  due: 'text-muted',
  near: 'font-medium text-medium',
  missed: 'font-medium text-critical',
};

/** A clock's face: less of it is left as the deadline nears, and it is crossed once it is missed. */
const HANDS: Partial<Record<DeadlineState, string>> = {
  due: 'M6 3v3h2.2',
  near: 'M6 3v3l-1.8 1.4',
  missed: 'M4 4l4 4M8 4l-4 4',
};

/** How long there is left, counting down, or how late it is. */
export function DueTime({ alert, long = false }: { alert: Alert; long?: boolean }) {
  useZone();
  const { state, words, breached } = deadline(alert, useNow());
  if (alert.status === 'resolved' && alert.resolved_at) {
    const by = alert.resolved_by ? ` by ${alert.resolved_by}` : '';
    return (
      <span className="truncate text-faint" title={`Resolved${by}, ${readings(new Date(alert.resolved_at))}`}>
        <Age at={alert.resolved_at} suffix=" ago" />
        {alert.resolved_by && `, ${person(alert.resolved_by, null)}`}
        {breached && <span className="text-critical"> overdue</span>}
      </span>
    );
  }
  if (!words) return <span className="text-faint">–</span>;
  const what = alert.status === 'open' ? 'to be acknowledged' : 'to be resolved';
  return (
    <span className={`inline-flex items-center gap-1.5 whitespace-nowrap tabular-nums ${STYLE[state]}`}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" fill="none" stroke="currentColor">
        <circle cx="6" cy="6" r="4.8" strokeWidth="1.2" />
        <path d={HANDS[state] ?? ''} strokeWidth="1.2" strokeLinecap="round" />
      </svg>
      <span title={alert.due_at ? `${what} by ${readings(new Date(alert.due_at))}` : undefined}>
        {long && alert.status !== 'resolved' && `${what} `}
        {words}
        {breached && state !== 'missed' && (
          <span className="text-critical">
            <span aria-hidden="true"> !</span>
            <span className="sr-only">, an earlier deadline was missed</span>
          </span>
        )}
      </span>
    </span>
  );
}
