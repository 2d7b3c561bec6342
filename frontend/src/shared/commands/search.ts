import type { Command } from './registry';

/**
 * The commands that `text` may mean, best first: each of its words begins a word of the name, the group or the
 * other words. A command that asks for something is offered for any text, after those that are found by name.
 */
export function search(commands: readonly Command[], text: string): Command[] {
  const offered = commands.filter(({ quiet }) => !quiet);
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return offered.filter(({ asks }) => !asks);
  const named = offered.filter((command) => {
    const own = `${command.name} ${command.group} ${command.words ?? ''}`
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u);
    return words.every((word) => own.some((each) => each.startsWith(word)));
  });
  const starts = (command: Command) => command.name.toLowerCase().startsWith(words[0] ?? '');
  return [
    ...named.filter((each) => !each.asks && starts(each)),
    ...named.filter((each) => !each.asks && !starts(each)),
    ...offered.filter(({ asks }) => asks),
  ];
}
