import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import type { FormEvent, KeyboardEvent, ReactNode } from 'react';
import { Kbd } from '@/shared/ui/Kbd';

interface Props {
  title: string;
  /** What the button that goes ahead says. */
  does: string;
  disabled: boolean;
  onSubmit: (form: FormData) => void;
  onClose: () => void;
  children: ReactNode;
}

/** A form over the screen. Ctrl or Cmd with Enter sends it from anywhere in it. */
export function DialogFrame({ title, does, disabled, onSubmit, onClose, children }: Props) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit(new FormData(event.currentTarget));
  };
  const send = (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      aria-labelledby="dialog-title"
      maxWidth="xs"
      fullWidth
      transitionDuration={120}
    >
      <form onSubmit={submit} onKeyDown={send} className="flex min-h-0 flex-col">
        <DialogTitle id="dialog-title">{title}</DialogTitle>
        <DialogContent>{children}</DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <span aria-hidden="true" className="mr-auto hidden items-center gap-1 text-xs text-faint sm:flex">
            <Kbd>Ctrl</Kbd>
            <Kbd>↵</Kbd>
          </span>
          <Button color="inherit" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="contained" disabled={disabled}>
            {does}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
