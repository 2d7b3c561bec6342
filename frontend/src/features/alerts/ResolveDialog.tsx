import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import { type FormEvent, useState } from 'react';
import type { Alert, Disposition } from '@/shared/api/types';
import { Field } from '@/shared/ui/Field';
import { DISPOSITIONS } from './words';

const LONGEST_NOTE = 2000;

interface Props {
  alert: Alert;
  onResolve: (disposition: Disposition, note: string) => void;
  onClose: () => void;
}

/** Asks what the alert was found to be. The engine learns from it, so nothing is chosen beforehand. */
export default function ResolveDialog({ alert, onResolve, onClose }: Props) {
  const [disposition, setDisposition] = useState<Disposition | null>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const note = String(new FormData(event.currentTarget).get('note') ?? '').trim();
    if (disposition) onResolve(disposition, note);
  };
  return (
    <Dialog open onClose={onClose} aria-labelledby="resolve-title" maxWidth="xs" fullWidth>
      <form onSubmit={submit}>
        <DialogTitle id="resolve-title">Resolve the alert on {alert.account_id}</DialogTitle>
        <DialogContent>
          <p className="mb-4 text-muted">{alert.reason_text}</p>
          <fieldset className="mb-4 flex flex-col gap-1.5">
            <legend className="mb-1.5 font-medium">What was it?</legend>
            {DISPOSITIONS.map((each, index) => (
              <label
                key={each.value}
                className="flex cursor-pointer gap-3 rounded-sm border border-line px-3 py-2 hover:bg-hover has-checked:border-accent has-checked:bg-accent-wash"
              >
                <input
                  type="radio"
                  name="disposition"
                  value={each.value}
                  autoFocus={index === 0}
                  required
                  checked={disposition === each.value}
                  onChange={() => setDisposition(each.value)}
                  className="mt-0.5 size-4 rounded-full accent-accent"
                />
                <span>
                  <span className="block font-medium">{each.word}</span>
                  <span className="text-muted">{each.meaning}</span>
                </span>
              </label>
            ))}
          </fieldset>
          <Field name="note" label="Note (optional)" rows={2} maxLength={LONGEST_NOTE} />
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button color="inherit" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" variant="contained" disabled={!disposition}>
            Resolve
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
