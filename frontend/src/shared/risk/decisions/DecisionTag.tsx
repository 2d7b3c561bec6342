import type { Action } from '@/shared/api/types';
import { Tag } from '@/shared/ui/Tag';
import { DECISION } from './decisions';

/** What was decided of an event, in a word; nothing for what was scored before there were decisions. */
export function DecisionTag({ action }: { action: Action | null | undefined }) {
  if (!action) return <span className="text-faint">–</span>;
  const { word, look } = DECISION[action];
  return <Tag look={look}>{word}</Tag>;
}
