import Button from '@mui/material/Button';
import { type ReactNode, useId, useState } from 'react';

interface Props {
  /** How many filters are set. */
  set: number;
  onClear: () => void;
  filters: ReactNode;
  /** At the right: what can be done with the list. */
  children: ReactNode;
}

/** What a list is narrowed to. On a phone the filters are folded away, with how many there are. */
export function FilterBar({ set, onClear, filters, children }: Props) {
  const [open, setOpen] = useState(false);
  const folded = useId();
  return (
    <header className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-4 py-2">
      <span className="sm:hidden">
        <Button
          variant="outlined"
          color="inherit"
          aria-expanded={open}
          aria-controls={folded}
          onClick={() => setOpen(!open)}
        >
          Filters{set > 0 && ` · ${set}`}
        </Button>
      </span>
      <div
        id={folded}
        className={`flex-wrap items-center gap-2 sm:contents ${open ? 'order-1 flex w-full' : 'hidden'}`}
      >
        {filters}
        {set > 0 && <Button onClick={onClear}>Clear</Button>}
      </div>
      <span className="ml-auto flex flex-wrap items-center gap-2">{children}</span>
    </header>
  );
}
