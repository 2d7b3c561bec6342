import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import { initialFocus } from './initialFocus';

interface Props {
  what: string;
  onStay: () => void;
  onLeave: () => void;
}

/** Asks whether edits may be lost. */
export default function LeaveDialog({ what, onStay, onLeave }: Props) {
  return (
    <Dialog open onClose={onStay} aria-labelledby="unsaved" maxWidth="xs" fullWidth>
      <DialogTitle id="unsaved">Leave without saving?</DialogTitle>
      <DialogContent>{what} on this screen have unsaved changes. Leaving drops them.</DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button color="inherit" onClick={onLeave}>
          Drop the changes
        </Button>
        <Button variant="contained" onClick={onStay} {...initialFocus(true)}>
          Keep editing
        </Button>
      </DialogActions>
    </Dialog>
  );
}
