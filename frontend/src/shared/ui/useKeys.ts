import { useEffect, useRef } from 'react';
import { keysRest } from '@/shared/commands/keys';

export type Keys = Record<string, (event: KeyboardEvent) => void>;

/**
 * Single keys for the whole screen, by `KeyboardEvent.key` in lower case. They rest while somebody types, while a
 * dialog is open, and with a modifier held.
 */
export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || keysRest(event)) return;
      const handler = latest.current[event.key.toLowerCase()];
      if (!handler) return;
      event.preventDefault();
      handler(event);
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
}
