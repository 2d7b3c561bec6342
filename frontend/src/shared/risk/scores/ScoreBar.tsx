import type { RiskLevel } from '@/shared/api/types';
import { score as format } from '@/shared/format/number';
import { LEVEL } from './levels';

/** A score with a short bar of its length, in the colour of its level. */
export function ScoreBar({ score, level }: { score: number; level: RiskLevel }) {
  return (
    <span className="inline-flex items-center gap-2">
      <span className="w-7 text-right font-medium tabular-nums">{format(score)}</span>
      <span aria-hidden="true" className="h-1 w-10 overflow-hidden rounded-xs bg-sunken">
        <span className={`block h-full ${LEVEL[level].fill}`} style={{ width: `${score * 100}%` }} />
      </span>
    </span>
  );
}
