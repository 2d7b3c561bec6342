import Button from '@mui/material/Button';
import { Notice } from '@/shared/ui/Notice';
import type { AlertFilter } from './search';

/** Nothing to list: because nothing is open, or because of the filter. */
export function AlertsEmpty({ filter, onReset }: { filter: AlertFilter; onReset: () => void }) {
  if (filter.status === 'open' && !filter.level && !filter.account) {
    return (
      <Notice title="No open alerts">
        Everything raised so far has been looked at. New alerts appear here.
      </Notice>
    );
  }
  return (
    <Notice
      title="No alerts match this filter"
      action={
        <Button variant="outlined" onClick={onReset}>
          Show all alerts
        </Button>
      }
    >
      Try another status, a lower level or another account. An account has to be given exactly.
    </Notice>
  );
}
