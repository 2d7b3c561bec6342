import type { Alert } from '@/shared/api/types';
import type { AlertAction } from './useAlertAction';
import { dispositionWord, PENDING_WORD, STATUS_WORD } from './words';

/** Where an alert stands; what is only asked for is said to be so. */
export function StatusName({ alert, pending }: { alert: Alert; pending: AlertAction['to'] | undefined }) {
  if (pending) return <span className="animate-pulse text-accent">{PENDING_WORD[pending]}</span>;
  if (alert.status === 'resolved' && alert.disposition) {
    return <span className="text-faint">{dispositionWord(alert.disposition)}</span>;
  }
  return (
    <span className={alert.status === 'open' ? 'font-medium' : 'text-muted'}>
      {STATUS_WORD[alert.status]}
    </span>
  );
}
