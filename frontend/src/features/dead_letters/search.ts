import type { DeadLetter } from '@/shared/api/types';

export const STATES = ['open', 'replayed', 'dismissed', 'all'] as const;
export type State = (typeof STATES)[number];

/** What the list is narrowed to; `from` is RFC 3339 in UTC. Open ones, if no status is said. */
export interface DeadLetterFilter {
  status?: State;
  reason?: string;
  from?: string;
}

/** What the address of the screen says. */
export interface DeadLetterSearch extends DeadLetterFilter {
  /** The number of the dead letter in the side panel. */
  letter?: number;
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, 200) : undefined;

function moment(value: unknown): string | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** Whatever an address says, without what means nothing here. */
export function readDeadLetterSearch(search: Record<string, unknown>): DeadLetterSearch {
  const letter = Number(search.letter);
  const found: { [Key in keyof DeadLetterSearch]: DeadLetterSearch[Key] | undefined } = {
    status: STATES.find((each) => each === search.status && each !== 'open'),
    reason: text(search.reason),
    from: moment(search.from),
    letter: Number.isInteger(letter) && letter > 0 ? letter : undefined,
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

export const stateOf = (letter: DeadLetter): Exclude<State, 'all'> => letter.outcome ?? 'open';
