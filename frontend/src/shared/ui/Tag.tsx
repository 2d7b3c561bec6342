import type { PropsWithChildren } from 'react';

const LOOKS = {
  plain: 'bg-sunken text-muted',
  good: 'bg-accent-wash text-accent',
  warn: 'bg-medium-wash text-medium',
  bad: 'bg-critical-wash text-critical',
} as const;

/** A state in a word. The colour only repeats what the word says. */
export function Tag({ look = 'plain', children }: PropsWithChildren<{ look?: keyof typeof LOOKS }>) {
  return (
    <span className={`inline-block rounded-xs px-1.5 text-xs font-medium whitespace-nowrap ${LOOKS[look]}`}>
      {children}
    </span>
  );
}
