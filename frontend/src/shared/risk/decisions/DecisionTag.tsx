import type { Action, Overturn } from '@/shared/api/types';
import { Tag } from '@/shared/ui/Tag';
import { DECISION } from './decisions';

interface Props {
  action: Action | null | undefined;
  /** What holds instead, if an analyst said so. */
  overturn?: Overturn | null | undefined;
}

/** What holds of an event, in a word; nothing for what was scored before there were decisions. */
export function DecisionTag({ action, overturn }: Props) {
  const holds = overturn?.action ?? action;
  if (!holds) return <span className="text-faint">–</span>;
  const { word, look } = DECISION[holds];
  if (!overturn) return <Tag look={look}>{word}</Tag>;
  return (
    <span title={`${DECISION[overturn.decided].word}, overturned by ${overturn.made_by}`}>
      <Tag look={look}>{word}</Tag>
      <span aria-hidden className="text-faint">
        {' '}
        ↺
      </span>
      <span className="sr-only"> overturned</span>
    </span>
  );
}
