import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import type { FormEvent, PropsWithChildren } from 'react';
import { Field } from './Field';
import { Refused } from './Refused';

interface Props {
  title: string;
  confirm: string;
  busy: boolean;
  error?: Error | null;
  onConfirm: (reason: string) => void;
  onClose: () => void;
}

/** Asks why, before something is done that stays in the history. */
export default function WhyDialog({
  title,
  confirm,
  busy,
  error = null,
  onConfirm,
  onClose,
  children,
}: PropsWithChildren<Props>) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '').trim();
    if (reason) onConfirm(reason);
  };
  return (
    <Dialog open onClose={onClose} aria-labelledby="why-title" maxWidth="xs" fullWidth>
      <form onSubmit={submit}>
        <DialogTitle id="why-title">{title}</DialogTitle>
        <DialogContent>
          <div className="mb-4 text-muted">{children}</div>
          <Refused error={error} />
          <Field
            name="reason"
            label="Why?"
            required
            maxLength={500}
            focused
            help="It stays stored, with your name."
          />
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button color="inherit" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="contained" loading={busy}>
            {confirm}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
