import Button from '@mui/material/Button';
import { type FormEvent, type KeyboardEvent, useRef } from 'react';

const LONGEST = 2_000;

/** Something to write down; Ctrl or Cmd with Enter sends it. */
export function NoteForm({ onNote }: { onNote: (text: string) => void }) {
  const form = useRef<HTMLFormElement>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('text') ?? '').trim();
    if (!text) return;
    onNote(text);
    event.currentTarget.reset();
  };
  const send = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.current?.requestSubmit();
  };
  return (
    <form ref={form} onSubmit={submit} className="mb-4 flex items-end gap-2">
      <textarea
        name="text"
        aria-label="Note"
        placeholder="Write something down"
        rows={2}
        required
        maxLength={LONGEST}
        onKeyDown={send}
        className="min-w-0 flex-1 rounded-sm border border-control bg-panel px-2.5 py-1.5 placeholder:text-faint"
      />
      <Button type="submit" variant="outlined">
        Add note
      </Button>
    </form>
  );
}
