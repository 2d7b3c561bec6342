import type { RiskLevel } from '@/shared/api/types';
import { eventInSearch } from '@/shared/risk/eventRef';
import { isLevel } from '@/shared/risk/scores/levels';

/** What the address of the live screen says. */
export interface LiveSearch {
  /** The assessment in the side panel. */
  event?: string;
  /** The lowest level shown. */
  level?: RiskLevel;
}

export function readLiveSearch(search: Record<string, unknown>): LiveSearch {
  return {
    ...eventInSearch(search.event),
    ...(isLevel(search.level) && search.level !== 'LOW' ? { level: search.level } : {}),
  };
}
