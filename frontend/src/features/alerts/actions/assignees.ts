import type { Alert, Assignee } from '@/shared/api/types';

/** Somebody, or nobody, to whom alerts can be given. */
export interface Choice {
  id: string;
  /** An address, or null for nobody. */
  email: string | null;
  name: string;
  /** What is said beside the name. */
  about: string;
}

/** The one who has all of `alerts`: an address, or null for nobody; undefined if several people have them. */
export function holder(alerts: readonly Alert[]): string | null | undefined {
  const [first, ...others] = alerts.map(({ assignee }) => assignee ?? null);
  return others.every((each) => each === first) ? first : undefined;
}

/** To whom `alerts` can be given, but for who has them: colleagues first, then `me`, nobody last, narrowed by `text`. */
export function choices(
  people: readonly Assignee[],
  alerts: readonly Alert[],
  me: string | null,
  text: string,
): Choice[] {
  const has = holder(alerts);
  const colleagues = people.filter(({ email }) => email !== me);
  const own = people.filter(({ email }) => email === me);
  const all: Choice[] = [
    ...[...colleagues, ...own].map(({ id, email, role }) => ({
      id,
      email,
      name: email,
      about: email === me ? 'you' : role,
    })),
    { id: 'nobody', email: null, name: 'Nobody', about: 'back to the queue' },
  ];
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter(
    ({ email, name, about }) =>
      email !== has && words.every((word) => `${name} ${about}`.toLowerCase().includes(word)),
  );
}
