import type { RiskLevel } from '@/shared/api/types';
import { LEVEL } from './levels';

const SHAPES: Record<RiskLevel, React.ReactElement> = {
  LOW: <circle cx="6" cy="6" r="3.6" fill="none" stroke="currentColor" strokeWidth="1.8" />,
  MEDIUM: <path d="M6 0.9 11.1 6 6 11.1 0.9 6Z" fill="currentColor" />,
  HIGH: <path d="M6 0.8 11.7 10.8H0.3Z" fill="currentColor" />,
  // A filled octagon with a stroke left out, as on a road sign.
  CRITICAL: (
    <path
      d="M3.5 0h5L12 3.5v5L8.5 12h-5L0 8.5v-5ZM5.2 2.4l0.25 4.5h1.1l0.25-4.5ZM5.1 8h1.8v1.7h-1.8Z"
      fill="currentColor"
      fillRule="evenodd"
    />
  ),
};

/** The shape of a level: each its own, so that colour is never the only sign. A word stands beside it. */
export function LevelMark({ level, size = 12 }: { level: RiskLevel; size?: number }) {
  return (
    <svg
      viewBox="0 0 12 12"
      width={size}
      height={size}
      aria-hidden="true"
      className={`shrink-0 ${LEVEL[level].mark}`}
    >
      {SHAPES[level]}
    </svg>
  );
}

/** Shape and word. */
export function LevelName({ level, strong = false }: { level: RiskLevel; strong?: boolean }) {
  return (
    <span
      className={`flex items-center gap-1.5 ${LEVEL[level].text} ${strong ? 'font-semibold' : 'font-medium'}`}
    >
      <LevelMark level={level} />
      {LEVEL[level].word}
    </span>
  );
}
