import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import { type FormEvent, type ReactNode, useId } from 'react';
import { asProblem } from '@/shared/api/problem';

interface Props {
  title: string;
  /** What the button does, in a word or two. */
  action: string;
  /** It takes something away. */
  grave?: boolean;
  busy?: boolean;
  error?: Error | null;
  disabled?: boolean;
  onClose: () => void;
  /** With what the fields of `children` say. */
  onConfirm: (form: FormData) => void;
  children?: ReactNode;
}

/** Asks before something is done: a title, what it means or the fields that it needs, and the refusal, if there is one. */
export function ConfirmDialog(props: Props) {
  const { title, action, grave = false, busy = false, error, disabled = false, onClose, onConfirm } = props;
  const heading = useId();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onConfirm(new FormData(event.currentTarget));
  };
  const problem = error && asProblem(error);
  return (
    <Dialog open onClose={onClose} aria-labelledby={heading} maxWidth="xs" fullWidth>
      <form onSubmit={submit}>
        <DialogTitle id={heading}>{title}</DialogTitle>
        <DialogContent>
          <div className="flex flex-col gap-4 pt-1">
            {problem && problem.fields.length === 0 && (
              <div role="alert" className="rounded-sm bg-critical-wash px-3 py-2 text-critical">
                <p className="font-medium">{problem.title}</p>
                <p>{problem.detail}</p>
              </div>
            )}
            {props.children}
          </div>
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button color="inherit" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            variant="contained"
            color={grave ? 'error' : 'primary'}
            loading={busy}
            disabled={disabled}
          >
            {action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
