/**
 * One list of everything that can be done from the keyboard. It feeds the keys themselves (useCommandKeys), the
 * palette (Ctrl or Cmd and K) and the help (`?`), which the shell provides. A screen adds its own for as long as
 * it is there:
 *
 *   useCommands([
 *     { id: 'alerts.next', group: 'Alerts', name: 'Next alert', keys: ['j', 'arrowdown'], run: next, quiet: true },
 *     { id: 'alerts.resolve', group: 'Alerts', name: 'Resolve…', keys: ['r'], run: resolve, when: mayAct },
 *     { id: 'go.rules', group: 'Go to', name: 'Rules', keys: ['g r'], run: () => navigate({ to: '/rules' }) },
 *     { id: 'account.open', group: 'Find', name: 'Open account', asks: 'an account id', run: (id) => open(id) },
 *   ]);
 *
 * Of two commands with the same key, the one registered last has it.
 */
import { useEffect, useRef, useState } from 'react';
import { createStore, useStore } from '@/shared/store';

export interface Command {
  /** Unique, such as `alerts.resolve`. */
  id: string;
  /** Under which heading it stands. */
  group: string;
  /** What it does, as a button would say it. */
  name: string;
  /**
   * Each way to type it: a key by `KeyboardEvent.key` in lower case (`j`, `escape`, `?`), two after each other
   * (`g l`), or `mod+k` with Ctrl or Cmd held.
   */
  keys?: readonly string[];
  /** What is asked for in the palette; it is then given to `run`. */
  asks?: string;
  /** Other words it is found by. */
  words?: string;
  /** False while it cannot be done: its key rests, and it stands nowhere. */
  when?: boolean;
  /** Only a key: in the help, not in the palette. */
  quiet?: boolean;
  run: (text: string) => void;
}

type Registered = { current: readonly Command[] };

const lists = createStore<readonly Registered[]>([]);

/** Whether the palette or the help is open. */
export const commandDialog = createStore<'palette' | 'help' | null>(null);

/** Adds `commands` for as long as the component is there; what they do and when may change at each turn. */
export function useCommands(commands: readonly Command[]): void {
  const mine = useRef(commands);
  useEffect(() => {
    mine.current = commands;
  });
  useEffect(() => {
    lists.set([...lists.get(), mine]);
    return () => lists.set(lists.get().filter((each) => each !== mine));
  }, []);
}

/** What can be done now, the oldest first. */
export function currentCommands(): Command[] {
  const byId = new Map(lists.get().flatMap(({ current }) => current.map((each) => [each.id, each])));
  return [...byId.values()].filter(({ when }) => when !== false);
}

/** What could be done when the component appeared, or when a screen last came or went. */
export function useCurrentCommands(): Command[] {
  const registered = useStore(lists);
  const [taken, setTaken] = useState({ registered, commands: currentCommands() });
  if (taken.registered !== registered) setTaken({ registered, commands: currentCommands() });
  return taken.commands;
}
