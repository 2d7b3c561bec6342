import Button from '@mui/material/Button';
import { useEffect, useState } from 'react';
import { Icon } from '@/shared/ui/Icon';

/** How long after the last key the list is asked for, in milliseconds. */
const SETTLED = 300;

interface Props {
  text: string;
  onText: (text: string) => void;
  onAdd: (() => void) | undefined;
}

export function EntryToolbar({ text, onText, onAdd }: Props) {
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  useEffect(() => {
    if (typed.trim() === text) return;
    const timer = setTimeout(() => onText(typed.trim()), SETTLED);
    return () => clearTimeout(timer);
  }, [typed, text, onText]);
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-4 py-2">
      <input
        type="search"
        aria-label="Find an entry"
        placeholder="Find an entry"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        className="h-[30px] w-56 min-w-28 rounded-sm border border-control bg-panel px-2.5 placeholder:text-faint max-sm:flex-1"
      />
      {onAdd && (
        <Button
          variant="contained"
          sx={{ ml: 'auto' }}
          startIcon={<Icon name="plus" size={13} />}
          onClick={onAdd}
        >
          Add entries
        </Button>
      )}
    </div>
  );
}
