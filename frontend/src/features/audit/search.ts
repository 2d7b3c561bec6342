import type { AuditOutcome } from '@/shared/api/types';

export const OUTCOMES = ['success', 'failure', 'refused'] as const satisfies readonly AuditOutcome[];

/** What the log is narrowed to; times are RFC 3339 in UTC. */
export interface AuditFilter {
  /** A person's address, `user:<id>`, `engine`, `system` or `anonymous`. */
  actor?: string;
  action?: string;
  subject?: string;
  outcome?: AuditOutcome;
  from?: string;
  to?: string;
}

/** What the address of the screen says. */
export interface AuditSearch extends AuditFilter {
  /** The number of the record in the side panel. */
  record?: number;
}

const text = (value: unknown): string | undefined =>
  value === undefined || value === null || value === '' ? undefined : String(value).slice(0, 200);

function moment(value: unknown): string | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** Whatever an address says, without what means nothing here. */
export function readAuditSearch(search: Record<string, unknown>): AuditSearch {
  const record = Number(search.record);
  const found: { [Key in keyof AuditSearch]: AuditSearch[Key] | undefined } = {
    actor: text(search.actor),
    action: text(search.action),
    subject: text(search.subject),
    outcome: OUTCOMES.find((each) => each === search.outcome),
    // The former names, for addresses that were kept.
    from: moment(search.from ?? search.since),
    to: moment(search.to ?? search.until),
    record: Number.isInteger(record) && record > 0 ? record : undefined,
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}
