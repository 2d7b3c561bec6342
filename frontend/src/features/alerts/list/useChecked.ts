import { useCallback, useState } from 'react';

const NONE: ReadonlySet<string> = new Set();

/** Which rows are ticked, for doing one thing with many. */
export function useChecked() {
  const [checked, setChecked] = useState(NONE);
  const toggle = useCallback((id: string) => {
    setChecked((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);
  const clear = useCallback(() => setChecked(NONE), []);
  const set = useCallback((ids: readonly string[]) => setChecked(new Set(ids)), []);
  return { checked, toggle, clear, set };
}
