import type { Alert } from '@/shared/api/types';
import { duration } from '@/shared/time/format';

/** From when a deadline is near. */
export const NEAR_MS = 5 * 60_000;

export type DeadlineState = 'none' | 'due' | 'near' | 'missed';

export interface Deadline {
  state: DeadlineState;
  /** Such as `in 12 min`, `4 min overdue`. */
  words: string;
  /** An earlier deadline was missed as well. */
  breached: boolean;
}

/** Where an alert stands against its present deadline at `now` (epoch milliseconds). */
export function deadline(alert: Alert, now: number): Deadline {
  const { breached } = alert;
  if (alert.status === 'resolved' || !alert.due_at) {
    return { state: breached ? 'missed' : 'none', words: breached ? 'missed' : '', breached };
  }
  const left = Date.parse(alert.due_at) - now;
  if (left <= 0) return { state: 'missed', words: `${duration(-left)} overdue`, breached: true };
  return { state: left <= NEAR_MS ? 'near' : 'due', words: `in ${duration(left)}`, breached };
}
