import Button from '@mui/material/Button';
import type { FormEvent } from 'react';
import { initialFocus } from '@/shared/ui/dialogs/initialFocus';
import { LONGEST_NAME } from './views';

interface Props {
  onSave: (name: string) => void;
  onCancel: () => void;
}

/** Asks for the name under which the present filter is kept. */
export default function SaveView({ onSave, onCancel }: Props) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name') ?? '').trim();
    if (name) onSave(name);
  };
  return (
    <form onSubmit={submit} className="flex shrink-0 items-center gap-1.5 px-2">
      <input
        name="name"
        aria-label="Name of the view"
        placeholder="Name of the view"
        required
        {...initialFocus(true)}
        maxLength={LONGEST_NAME}
        onKeyDown={(event) => event.key === 'Escape' && onCancel()}
        className="h-7 w-36 rounded-sm border border-control bg-panel px-2 placeholder:text-faint"
      />
      <Button type="submit" variant="contained">
        Save
      </Button>
      <Button color="inherit" onClick={onCancel}>
        Cancel
      </Button>
    </form>
  );
}
