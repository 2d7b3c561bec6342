import Button from '@mui/material/Button';
import IconButton from '@mui/material/IconButton';
import { asProblem } from '@/shared/api/problem';
import { Icon } from '@/shared/ui/Icon';
import { Kbd } from '@/shared/ui/Kbd';
import type { Listing } from './useListing';

interface Props {
  listing: Listing;
  error: unknown;
  busy: boolean;
  onUndo: () => void;
  onClose: () => void;
}

/** What was put on a list just now, with its undoing. */
export function UndoBar({ listing: { values, list }, error, busy, onUndo, onClose }: Props) {
  const what = values.length === 1 ? values[0] : `${values.length} entries`;
  return (
    <div
      data-outcome="done"
      className="flex w-full items-center gap-3 rounded-md border border-line bg-canvas px-4 py-1.5"
    >
      <p className="min-w-0 flex-1 truncate">
        {error ? `Not undone: ${asProblem(error).title}.` : `${what} put on ${list}.`}
      </p>
      <Button
        onClick={onUndo}
        loading={busy}
        aria-keyshortcuts="Z"
        endIcon={
          <span aria-hidden="true" className="flex">
            <Kbd>Z</Kbd>
          </span>
        }
      >
        Undo
      </Button>
      <IconButton aria-label="Dismiss" onClick={onClose}>
        <Icon name="close" size={12} />
      </IconButton>
    </div>
  );
}
