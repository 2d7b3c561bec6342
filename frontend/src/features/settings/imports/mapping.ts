import { FIELDS } from './words';

export type ChosenColumns = Record<string, string[]>;

/** What was said of columns before, and what is chosen otherwise than it was found out. None is null. */
export function columnsOf(
  chosen: (field: string) => string,
  before: ChosenColumns,
  said: Record<string, string | null>,
): Record<string, string | null> {
  const found: Record<string, string | null> = { ...said };
  for (const { name } of FIELDS) {
    const column = chosen(name);
    if (column !== (before[name]?.[0] ?? '')) found[name] = column || null;
  }
  for (const name of ['occurred_at', 'account_id']) if (found[name] === null) delete found[name];
  return found;
}
