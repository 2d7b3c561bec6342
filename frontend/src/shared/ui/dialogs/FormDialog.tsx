import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import { type FormEvent, type KeyboardEvent, type ReactNode, useId } from 'react';
import { Kbd } from '../Kbd';

interface Props {
  title: string;
  /** What the button that goes ahead says. */
  action: string;
  /** It takes something away. */
  grave?: boolean;
  busy?: boolean;
  disabled?: boolean;
  wide?: boolean;
  /** For who works with the keys: it is there at once, and Ctrl or Cmd with Enter sends it from anywhere in it. */
  quick?: boolean;
  /** The server says what is wrong with its fields. */
  noValidate?: boolean;
  /** A digit typed outside of a text. */
  onDigit?: (digit: number) => void;
  onSubmit: (form: FormData) => void;
  onClose: () => void;
  children: ReactNode;
}

/** A form over the screen. */
export function FormDialog(props: Props) {
  const { title, action, grave = false, busy = false, disabled = false, wide = false, quick = false } = props;
  const heading = useId();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    props.onSubmit(new FormData(event.currentTarget));
  };
  const send = (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
    const typing = event.target instanceof HTMLTextAreaElement;
    if (props.onDigit && !typing && /^[1-9]$/.test(event.key)) {
      event.preventDefault();
      props.onDigit(Number(event.key));
    }
  };
  return (
    <Dialog
      open
      onClose={props.onClose}
      aria-labelledby={heading}
      maxWidth={wide ? 'sm' : 'xs'}
      fullWidth
      {...(quick && { transitionDuration: 120 })}
    >
      <form
        onSubmit={submit}
        onKeyDown={quick ? send : undefined}
        noValidate={props.noValidate}
        className="flex min-h-0 flex-col"
      >
        <DialogTitle id={heading}>{title}</DialogTitle>
        <DialogContent>{props.children}</DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          {quick && (
            <span aria-hidden="true" className="mr-auto hidden items-center gap-1 text-xs text-faint sm:flex">
              <Kbd>Ctrl</Kbd>
              <Kbd>↵</Kbd>
            </span>
          )}
          <Button color="inherit" onClick={props.onClose}>
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
