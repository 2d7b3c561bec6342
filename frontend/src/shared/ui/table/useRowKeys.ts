import type { KeyboardEvent } from 'react';

interface Options {
  count: number;
  /** The row that the keys start from, -1 if none. */
  present: number;
  /** Rows in sight. */
  page: number;
  onMove: (index: number) => void;
  onEnter: () => void;
}

/** The keys of a list that has the focus: arrows, page up and down, home, end, enter. */
export function useRowKeys({ count, present, page, onMove, onEnter }: Options) {
  return (event: KeyboardEvent): void => {
    // A button, a link or a field within a row has its own keys.
    if (event.target !== event.currentTarget || count === 0) return;
    const steps: Record<string, number> = {
      ArrowDown: present + 1,
      ArrowUp: present < 0 ? 0 : present - 1,
      PageDown: present + page,
      PageUp: present - page,
      Home: 0,
      End: count - 1,
    };
    const target = steps[event.key];
    if (target !== undefined) onMove(Math.max(0, Math.min(count - 1, target)));
    else if (event.key === 'Enter' && present >= 0) onEnter();
    else return;
    event.preventDefault();
  };
}
