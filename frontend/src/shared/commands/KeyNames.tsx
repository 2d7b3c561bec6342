import { Kbd } from '@/shared/ui/Kbd';

const NAMES: Record<string, string> = {
  escape: 'Esc',
  enter: '↵',
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  ' ': 'Space',
};
const APPLE = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '');

const nameOf = (key: string): string => NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);

/** How a command is typed, such as `G` `L` or `Ctrl` `K`. */
export function KeyNames({ keys }: { keys: string }) {
  const parts = keys.split(' ').flatMap((part) => {
    const key = part.replace(/^mod\+/, '');
    return key === part ? [key] : ['mod', key];
  });
  return (
    <span className="inline-flex gap-1">
      {parts.map((part) => (
        <Kbd key={part}>{part === 'mod' ? (APPLE ? '⌘' : 'Ctrl') : nameOf(part)}</Kbd>
      ))}
    </span>
  );
}
