import { useCallback, useState } from 'react';
import type { Column } from './columns';

export interface ColumnChoice {
  shown: (id: string) => boolean;
  toggle: (id: string) => void;
  reset: () => void;
  changed: boolean;
}

function kept(key: string): Record<string, boolean> {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
    return typeof found === 'object' && found !== null ? (found as Record<string, boolean>) : {};
  } catch {
    return {};
  }
}

function keep(key: string, chosen: Record<string, boolean>): void {
  try {
    if (Object.keys(chosen).length > 0) localStorage.setItem(key, JSON.stringify(chosen));
    else localStorage.removeItem(key);
  } catch {
    // Storage may be forbidden: the choice then lasts until the next reload.
  }
}

/** Which columns of the table `name` the user wants to see; kept in this browser. */
export function useColumnChoice<Row>(name: string, columns: readonly Column<Row>[]): ColumnChoice {
  const key = `columns:${name}`;
  const [chosen, setChosen] = useState(() => kept(key));
  const change = useCallback(
    (next: Record<string, boolean>) => {
      keep(key, next);
      setChosen(next);
    },
    [key],
  );
  const shown = (id: string): boolean => {
    const column = columns.find((each) => each.id === id);
    return column?.fixed || (chosen[id] ?? !column?.extra);
  };
  return {
    shown,
    toggle: (id) => change({ ...chosen, [id]: !shown(id) }),
    reset: () => change({}),
    changed: Object.keys(chosen).length > 0,
  };
}
