import { useEffect, useState } from 'react';

/** How long after the last key the list is asked for. */
const SETTLED_MS = 350;

interface Props {
  account: string;
  onChange: (account: string) => void;
}

/** Narrows the list to one account. */
export function AccountFilter({ account, onChange }: Props) {
  const [typed, setTyped] = useState(account);
  useEffect(() => {
    if (typed.trim() === account) return;
    const timer = setTimeout(() => onChange(typed.trim()), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [typed, account, onChange]);
  return (
    <input
      type="search"
      aria-label="Account, exactly"
      placeholder="Account"
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      className="h-[30px] w-36 min-w-28 rounded-sm max-sm:flex-1 border border-control bg-panel px-2.5 placeholder:text-faint"
    />
  );
}
