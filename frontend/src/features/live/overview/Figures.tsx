import { count } from '@/shared/format/number';
import { LevelName } from '@/shared/risk/scores/LevelMark';
import { LEVELS_DOWN } from '@/shared/risk/scores/levels';
import { EngineFigures } from './EngineFigures';
import { Figure } from './Figure';
import { type Minute, totals } from './minutes';

const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });

/** Counts by level over the last hour, and how the engine does. */
export function Figures({ minutes }: { minutes: readonly Minute[] | undefined }) {
  const sums = minutes && totals(minutes);
  const all = sums ? LEVELS_DOWN.reduce((sum, level) => sum + sums[level], 0) : 0;
  return (
    <dl className="grid shrink-0 grid-cols-2 gap-px overflow-hidden rounded-md border border-line bg-line sm:grid-cols-3 lg:grid-cols-6">
      {LEVELS_DOWN.map((level) => (
        <Figure
          key={level}
          name={<LevelName level={level} />}
          value={sums ? count(sums[level]) : null}
          note={
            all > 0 && sums ? `${percent.format(sums[level] / all)} of the last hour` : 'in the last hour'
          }
        />
      ))}
      <EngineFigures />
    </dl>
  );
}
