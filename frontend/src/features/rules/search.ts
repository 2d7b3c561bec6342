import type { RuleStatus } from '@/shared/api/types';

export const STATUSES = ['draft', 'shadow', 'live', 'archived'] as const satisfies readonly RuleStatus[];
export const TABS = ['try', 'backtest', 'hits', 'versions'] as const;
export type Tab = (typeof TABS)[number];

/** What the list is narrowed to. */
export interface RulesSearch {
  status?: RuleStatus;
  text?: string;
}

/** What stands beside the definition of a rule. */
export interface RuleSearch {
  tab?: Tab;
}

export function readRulesSearch(search: Record<string, unknown>): RulesSearch {
  const status = STATUSES.find((each) => each === search.status);
  const text = typeof search.text === 'string' || typeof search.text === 'number' ? String(search.text) : '';
  return { ...(status ? { status } : {}), ...(text ? { text } : {}) };
}

export function readRuleSearch(search: Record<string, unknown>): RuleSearch {
  const tab = TABS.find((each) => each === search.tab);
  return tab && tab !== 'try' ? { tab } : {};
}
