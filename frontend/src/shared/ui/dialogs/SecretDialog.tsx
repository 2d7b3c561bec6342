import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import { type ReactNode, useId } from 'react';
import { CopyText } from '../CopyText';

interface Props {
  title: string;
  /** What it is, for the button that copies it. */
  label: string;
  secret: string;
  onClose: () => void;
  /** What to do with it. */
  children: ReactNode;
}

/** Something that is shown this once. It does not close by a press beside it. */
export default function SecretDialog({ title, label, secret, onClose, children }: Props) {
  const heading = useId();
  return (
    <Dialog open aria-labelledby={heading} maxWidth="sm" fullWidth>
      <DialogTitle id={heading}>{title}</DialogTitle>
      <DialogContent>
        <p className="mb-3 text-muted">{children}</p>
        <div className="rounded-sm border border-line bg-sunken px-3 py-2" data-secret>
          <CopyText text={secret} label={label} />
        </div>
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button variant="contained" onClick={onClose}>
          I have stored it
        </Button>
      </DialogActions>
    </Dialog>
  );
}
