import type { AlertStatus, RiskLevel } from '@/shared/api/types';
import { isLevel } from '@/shared/risk/levels';

export const STATUSES = ['open', 'acknowledged', 'resolved', 'all'] as const;
export type StatusFilter = AlertStatus | 'all';

/** What the list is narrowed to. */
export interface AlertFilter {
  status: StatusFilter;
  /** The lowest level listed. */
  level?: RiskLevel;
  account?: string;
}

/** What the address of the alerts screen says; open alerts unless it says otherwise. */
export interface AlertsSearch extends Partial<AlertFilter> {
  /** The alert in the side panel. */
  alert?: string;
}

const text = (value: unknown): string | undefined =>
  value === undefined || value === '' ? undefined : String(value);

export function readAlertsSearch(search: Record<string, unknown>): AlertsSearch {
  const status = STATUSES.find((each) => each === search.status);
  const account = text(search.account);
  const alert = text(search.alert);
  return {
    ...(status && status !== 'open' ? { status } : {}),
    ...(isLevel(search.level) && search.level !== 'LOW' ? { level: search.level } : {}),
    ...(account ? { account } : {}),
    ...(alert ? { alert } : {}),
  };
}
