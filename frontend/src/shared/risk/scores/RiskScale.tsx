import { useRef } from 'react';
import type { RiskLevel } from '@/shared/api/types';
import { apart, textWidth } from '@/shared/charts/labels';
import { score as format } from '@/shared/format/number';
import { useWidth } from '@/shared/ui/useWidth';
import { useConfiguration } from '../useConfiguration';
import { LEVEL, LEVELS } from './levels';

const DEFAULT = { low: 0.3, medium: 0.5, high: 0.8 };

/**
 * The four bands of the score as they are now, with a needle at this score. A level is never revised when the
 * thresholds change, so it may be another than the band that the needle is in; then that is said.
 */
export function RiskScale({ score, level }: { score: number; level: RiskLevel }) {
  const thresholds = useConfiguration().data?.thresholds ?? DEFAULT;
  const edges = [0, thresholds.low, thresholds.medium, thresholds.high, 1];
  const present = LEVELS.findLast((_, i) => score >= (edges[i] ?? 0)) ?? 'LOW';
  const bounds = edges.slice(1, 4);
  const scale = useRef<HTMLDivElement>(null);
  const width = useWidth(scale);
  const middles = apart(
    bounds.map((bound) => ({ at: bound * width, width: textWidth(String(bound)) })),
    0,
    width,
  );
  return (
    <>
      <div
        ref={scale}
        role="img"
        aria-label={`Score ${format(score)} of 1, ${LEVEL[level].word}. Bands end at ${bounds.join(', ')}.`}
        className="relative pt-2 pb-5"
      >
        <div className="flex h-1.5 gap-0.5">
          {LEVELS.map((each, i) => (
            <span
              key={each}
              className={`rounded-xs ${LEVEL[each].fill} ${each === present ? '' : 'opacity-30'}`}
              style={{ width: `${((edges[i + 1] ?? 1) - (edges[i] ?? 0)) * 100}%` }}
            />
          ))}
        </div>
        <span
          className="absolute top-0.5 h-4.5 w-0.5 -translate-x-1/2 rounded-xs bg-strong ring-2 ring-panel"
          style={{ left: `${score * 100}%` }}
        />
        {width > 0 &&
          bounds.map((bound, i) => (
            <span
              key={LEVELS[i]}
              className="absolute bottom-0 -translate-x-1/2 text-2xs leading-none text-faint"
              style={{ left: middles[i] }}
            >
              {bound}
            </span>
          ))}
      </div>
      {present !== level && (
        <p className="text-xs text-faint">
          The thresholds have changed since it was scored; by those of now it would be {LEVEL[present].word}.
        </p>
      )}
    </>
  );
}
