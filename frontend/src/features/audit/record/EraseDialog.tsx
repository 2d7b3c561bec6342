import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import { useId } from 'react';
import { plural } from '@/shared/format/number';
import { FormDialog } from '@/shared/ui/dialogs/FormDialog';
import { initialFocus } from '@/shared/ui/dialogs/initialFocus';
import { Field } from '@/shared/ui/fields/Field';
import { Refused } from '@/shared/ui/notices/Refused';
import { useErasure } from './useErasure';

interface Props {
  /** What is to be forgotten, if that was pointed at. */
  value?: string;
  onClose: () => void;
}

/** Forgets what the log keeps of a person beside its records. */
export default function EraseDialog({ value = '', onClose }: Props) {
  const erasing = useErasure();
  if (erasing.data !== undefined) return <Erased records={erasing.data} onClose={onClose} />;
  return (
    <FormDialog
      title="Erase a personal value"
      action="Erase for ever"
      grave
      wide
      busy={erasing.isPending}
      onClose={onClose}
      onSubmit={(form) =>
        erasing.mutate({ value: String(form.get('value')), reason: String(form.get('reason')).trim() })
      }
    >
      <dl className="mt-1 mb-5 flex flex-col gap-2 text-muted">
        <What name="What goes">
          An address, a name or a note of somebody, wherever this log keeps it beside its records. It cannot
          be brought back.
        </What>
        <What name="What stays">
          Every record, and every proof of it. A record holds only a salted commitment to such a value; with
          the salt erased too, it tells nothing, and the log still verifies.
        </What>
        <What name="What is logged">
          That you did this, why, and of how many records it was. Not the value.
        </What>
        <What name="What it is not about">
          Anything outside this log: accounts, events and alerts keep what they hold.
        </What>
      </dl>
      <Refused error={erasing.error} />
      <div className="flex flex-col gap-4">
        <Field
          name="value"
          label="The value, exactly as it is kept"
          required
          rows={2}
          focused={!value}
          maxLength={4000}
          defaultValue={value}
          help="All of it, with capitals as they are. Other values that contain it stay."
        />
        <Field
          name="reason"
          label="Why?"
          required
          maxLength={200}
          focused={value !== ''}
          help="It stays stored, with your name: leave out of it what is to be forgotten."
        />
      </div>
    </FormDialog>
  );
}

function What({ name, children }: { name: string; children: string }) {
  return (
    <div>
      <dt className="font-medium text-strong">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Erased({ records, onClose }: { records: number; onClose: () => void }) {
  const heading = useId();
  return (
    <Dialog open onClose={onClose} aria-labelledby={heading} maxWidth="xs" fullWidth>
      <DialogTitle id={heading}>{records > 0 ? 'Erased' : 'Nothing was erased'}</DialogTitle>
      <DialogContent>
        <p role="status" data-erased={records}>
          {records > 0
            ? `The value is forgotten in ${plural(records, 'record')}, which now say “Erased”. They and their proofs are what they were.`
            : 'No record keeps this value. It has to be given exactly as it is kept, with its capitals: open a record to see what it keeps.'}
        </p>
      </DialogContent>
      <DialogActions sx={{ px: 3, pb: 2 }}>
        <Button variant="contained" {...initialFocus(true)} onClick={onClose}>
          Done
        </Button>
      </DialogActions>
    </Dialog>
  );
}
