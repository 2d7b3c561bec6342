import type { AssessmentSummary } from '@/shared/api/types';
import { useCommands } from '@/shared/commands/registry';
import { eventRef } from '@/shared/risk/eventRef';

interface Options {
  rows: readonly AssessmentSummary[];
  selected: string | undefined;
  onSelect: (eventId: string | undefined) => void;
  reveal: (index: number) => void;
  /** Rows in sight. */
  page: number;
}

/**
 * Moves the selection: J and K anywhere on the screen, and through the returned function the keys that belong to
 * the list when it has the focus. That function says whether the key was one of them.
 */
export function useSelection({ rows, selected, onSelect, reveal, page }: Options): (key: string) => boolean {
  const present = rows.findIndex((row) => eventRef(row) === selected);
  const go = (index: number): void => {
    const bounded = Math.max(0, Math.min(rows.length - 1, index));
    const row = rows[bounded];
    if (!row) return;
    onSelect(eventRef(row));
    reveal(bounded);
  };
  useCommands([
    {
      id: 'live.next',
      group: 'Live',
      name: 'Next row',
      keys: ['j'],
      quiet: true,
      run: () => go(present + 1),
    },
    {
      id: 'live.before',
      group: 'Live',
      name: 'Row before',
      keys: ['k'],
      quiet: true,
      run: () => go(present - 1),
    },
  ]);
  const keys: Record<string, () => void> = {
    arrowdown: () => go(present + 1),
    arrowup: () => go(present - 1),
    pagedown: () => go(present + page),
    pageup: () => go(present - page),
    home: () => go(0),
    end: () => go(rows.length - 1),
  };
  return (key) => {
    const move = keys[key.toLowerCase()];
    move?.();
    return move !== undefined;
  };
}
