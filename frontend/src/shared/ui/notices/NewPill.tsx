import type { ReactNode } from 'react';
import { Icon } from '../Icon';

/** Floats over the headings of a list, so that it moves and hides no row: what has come, shown when asked for. */
export function NewPill({ onShow, children }: { onShow: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      onClick={onShow}
      className="absolute top-0.5 left-1/2 z-2 flex h-7 -translate-x-1/2 items-center gap-2 rounded-sm bg-accent px-3 font-medium whitespace-nowrap text-on-accent shadow-md"
    >
      <Icon name="up" size={12} />
      {children}
    </button>
  );
}
