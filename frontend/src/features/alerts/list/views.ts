import { type AlertFilter, readFilter } from '../search';

/** A filter under a name. */
export interface View {
  name: string;
  filter: Partial<AlertFilter>;
}

/** The views that everybody has. */
export const VIEWS: readonly View[] = [
  { name: 'Queue', filter: {} },
  { name: 'Mine', filter: { assignee: 'me' } },
  { name: 'Unassigned', filter: { assignee: 'nobody' } },
  { name: 'Overdue', filter: { breached: true } },
  { name: 'Snoozed', filter: { snoozed: true } },
  { name: 'Resolved', filter: { status: 'resolved' } },
];

export const MOST_VIEWS = 12;
export const LONGEST_NAME = 32;

const KEYS = [
  'status',
  'level',
  'decision',
  'account',
  'counterparty',
  'country',
  'amount',
  'assignee',
  'breached',
  'snoozed',
  'sort',
] as const;

const normal = (filter: Partial<AlertFilter>): string => {
  const { status = 'unresolved', ...rest } = filter;
  const full: Partial<AlertFilter> = { status, ...rest };
  return JSON.stringify(KEYS.map((key) => full[key] ?? null));
};

export const sameFilter = (a: Partial<AlertFilter>, b: Partial<AlertFilter>): boolean =>
  normal(a) === normal(b);

/** The views in `kept`, which is what storage had: anybody could have written there. */
export function readViews(kept: string | null): View[] {
  try {
    const found: unknown = JSON.parse(kept ?? '[]');
    if (!Array.isArray(found)) return [];
    return found.slice(0, MOST_VIEWS).flatMap((each: { name?: unknown; filter?: unknown } | null) => {
      const name = typeof each?.name === 'string' ? each.name.trim().slice(0, LONGEST_NAME) : '';
      const filter = each?.filter;
      if (!name || typeof filter !== 'object' || filter === null) return [];
      return [{ name, filter: readFilter(filter as Record<string, unknown>) }];
    });
  } catch {
    return [];
  }
}

/** `views` with one more; one of the same name is replaced. */
export function saveView(views: readonly View[], view: View): View[] {
  const name = view.name.trim().slice(0, LONGEST_NAME);
  const filter = readFilter({ ...view.filter });
  return [...views.filter((each) => each.name !== name), { name, filter }].slice(-MOST_VIEWS);
}

export const removeView = (views: readonly View[], name: string): View[] =>
  views.filter((each) => each.name !== name);
