import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import { useBlocker } from '@tanstack/react-router';
import { session } from '@/shared/session/store';
import { initialFocus, NO_FOCUS_OF_ITS_OWN } from './initialFocus';

interface Props {
  unsaved: boolean;
  /** What would be lost: `The thresholds`. */
  what: string;
}

/** Asks before edits are left behind: on the way to another screen here, and by the browser when the page is left. */
export function UnsavedGuard({ unsaved, what }: Props) {
  const blocker = useBlocker({
    // Another part of the same screen is no other place; and whoever signs out has decided.
    shouldBlockFn: ({ current, next }) =>
      unsaved && current.pathname !== next.pathname && session.get().status !== 'signed-out',
    enableBeforeUnload: unsaved,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return (
    <Dialog
      open
      onClose={blocker.reset}
      aria-labelledby="unsaved"
      maxWidth="xs"
      fullWidth
      slotProps={{ paper: NO_FOCUS_OF_ITS_OWN }}
    >
      <DialogTitle id="unsaved">Leave without saving?</DialogTitle>
      <DialogContent>{what} on this screen have unsaved changes. Leaving drops them.</DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button color="inherit" onClick={blocker.proceed}>
          Drop the changes
        </Button>
        <Button variant="contained" onClick={blocker.reset} {...initialFocus(true)}>
          Keep editing
        </Button>
      </DialogActions>
    </Dialog>
  );
}
