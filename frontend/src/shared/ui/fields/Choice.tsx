import type { ReactNode } from 'react';
import { initialFocus } from '../dialogs/initialFocus';

interface Props {
  group: string;
  value: string;
  chosen: boolean;
  focused?: boolean;
  onChoose: () => void;
  children: ReactNode;
}

/** One of several to choose from, a card with a radio button. */
export function Choice({ group, value, chosen, focused = false, onChoose, children }: Props) {
  return (
    <label className="flex cursor-pointer gap-3 rounded-sm border border-line px-3 py-2 hover:bg-hover has-checked:border-accent has-checked:bg-accent-wash">
      <input
        type="radio"
        name={group}
        value={value}
        {...initialFocus(focused)}
        required
        checked={chosen}
        onChange={onChoose}
        className="mt-0.5 size-4 shrink-0 rounded-full accent-accent"
      />
      <span className="min-w-0">{children}</span>
    </label>
  );
}
