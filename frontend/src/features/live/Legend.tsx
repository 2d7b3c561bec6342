import type { RiskLevel } from '@/shared/api/types';
import { count } from '@/shared/format/number';
import { LevelName } from '@/shared/risk/LevelMark';
import { LEVELS_DOWN } from '@/shared/risk/levels';
import { utcMinute } from '@/shared/time/format';
import type { Minute } from './minutes';

interface Props {
  hidden: ReadonlySet<RiskLevel>;
  onToggle: (level: RiskLevel) => void;
  /** The minute whose counts are told: the one pointed at, or else the present one. */
  minute: Minute | undefined;
}

/** Which bar is which, what it counts where one points, and a switch for each. */
export function Legend({ hidden, onToggle, minute }: Props) {
  return (
    <div className="flex flex-wrap items-center gap-x-1 text-xs">
      {LEVELS_DOWN.map((level) => (
        <button
          key={level}
          type="button"
          aria-pressed={!hidden.has(level)}
          onClick={() => onToggle(level)}
          className="flex h-6 items-center gap-1.5 rounded-xs px-1.5 hover:bg-hover aria-[pressed=false]:line-through aria-[pressed=false]:opacity-60"
        >
          <LevelName level={level} />
          {minute && (
            <span className="min-w-6 text-left font-medium tabular-nums">{count(minute[level])}</span>
          )}
        </button>
      ))}
      {minute && (
        <span className="pl-1 text-faint tabular-nums">in {utcMinute(new Date(minute.start))} UTC</span>
      )}
    </div>
  );
}
