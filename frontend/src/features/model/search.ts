export const TABS = ['versions', 'calibration', 'drift', 'quality'] as const;
export type Tab = (typeof TABS)[number];

/** Which part is shown under the two in force, and over how many days. */
export interface ModelSearch {
  tab?: Tab;
  days?: 1 | 7 | 30;
}

export function readModelSearch(search: Record<string, unknown>): ModelSearch {
  const tab = TABS.find((each) => each === search.tab);
  const days = ([1, 7, 30] as const).find((each) => each === Number(search.days));
  return { ...(tab && tab !== 'versions' ? { tab } : {}), ...(days && days !== 7 ? { days } : {}) };
}
