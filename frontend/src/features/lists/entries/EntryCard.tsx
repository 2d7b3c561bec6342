import Button from '@mui/material/Button';
import type { StoredEntry } from '@/shared/api/types';
import { Age } from '@/shared/time/Age';
import { Expiry } from './Expiry';

interface Props {
  entry: StoredEntry;
  onRemove: ((entry: StoredEntry) => void) | undefined;
}

/** An entry on a phone. */
export function EntryCard({ entry, onRemove }: Props) {
  return (
    <div className="flex items-start justify-between gap-3">
      <span className="min-w-0">
        <span className="block truncate font-mono text-xs font-medium">{entry.value}</span>
        <span className="block truncate text-muted">{entry.reason}</span>
        <span className="block truncate text-xs text-faint">
          <Age at={entry.added_at} suffix=" ago" /> by {entry.added_by}; expires{' '}
          <Expiry at={entry.expires_at} />
        </span>
        <span className="block text-xs text-faint">
          expires <Expiry at={entry.expires_at} />
        </span>
      </span>
      {onRemove && (
        <Button color="inherit" sx={{ flexShrink: 0 }} onClick={() => onRemove(entry)}>
          Take off<span className="sr-only"> {entry.value}</span>
        </Button>
      )}
    </div>
  );
}
