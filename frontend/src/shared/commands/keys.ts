import { useEffect } from 'react';
import { type Command, currentCommands } from './registry';

/** Marks a dialog in which the keys of the screen go on working. */
export const PANEL_DIALOG = { 'data-panel': true };

const SEQUENCE_MS = 1_200;

function typing(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input, textarea, select, [contenteditable], [role="menu"]') !== null
  );
}

/** Whether single keys are meant for something else: a field, a menu, or a dialog over the screen. */
function keysRest(event: KeyboardEvent): boolean {
  return (
    event.defaultPrevented ||
    typing(event.target) ||
    document.querySelector('[role="dialog"]:not([data-panel])') !== null
  );
}

/** The command that `typed` is, or whether it is the first half of one. */
export function find(commands: readonly Command[], typed: string): Command | 'more' | undefined {
  const found = commands.findLast(({ keys }) => keys?.includes(typed));
  if (found) return found;
  return commands.some(({ keys }) => keys?.some((each) => each.startsWith(`${typed} `))) ? 'more' : undefined;
}

/** Takes the keys of every registered command. Once, in the shell. */
export function useCommandKeys(): void {
  useEffect(() => {
    let before = '';
    let at = Number.NEGATIVE_INFINITY;
    const pressed = (event: KeyboardEvent) => {
      if (event.altKey || event.key === 'Shift' || event.key === 'Control' || event.key === 'Meta') return;
      const mod = event.ctrlKey || event.metaKey;
      // With a modifier it is meant, whatever has the focus.
      if (mod ? event.defaultPrevented : keysRest(event)) return;
      const key = `${mod ? 'mod+' : ''}${event.key.toLowerCase()}`;
      const commands = currentCommands();
      const typed = before && event.timeStamp - at < SEQUENCE_MS ? `${before} ${key}` : key;
      const found = find(commands, typed) ?? find(commands, key);
      before = found === 'more' ? key : '';
      at = event.timeStamp;
      if (found === undefined || found === 'more') return;
      event.preventDefault();
      found.run('');
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
}
