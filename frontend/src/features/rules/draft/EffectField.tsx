import { LevelMark } from '@/shared/risk/scores/LevelMark';
import { LEVEL, LEVELS_DOWN } from '@/shared/risk/scores/levels';
import { Segments } from '@/shared/ui/fields/Segments';
import { EffectName } from '../EffectName';
import { type Draft, toDefinition } from './draft';

const KINDS = [
  { value: 'points', label: 'Add to the score' },
  { value: 'level', label: 'Least level' },
] as const;

const LEVEL_OPTIONS = LEVELS_DOWN.filter((level) => level !== 'LOW').map((value) => ({
  value,
  label: (
    <>
      <LevelMark level={value} size={11} /> {LEVEL[value].word}
    </>
  ),
}));

interface Props {
  draft: Draft;
  readOnly: boolean;
  error: string | undefined;
  onChange: (part: Partial<Draft>) => void;
}

/** What a hit does: points in log-odds, or the level that an assessment then has at least. */
export function EffectField({ draft, readOnly, error, onChange }: Props) {
  const help =
    draft.effect === 'points'
      ? 'In log-odds, −5 to 5: +1 makes the odds 2.7 times as high, a negative number lowers them.'
      : 'The score stays; the assessment has this level at least.';
  return (
    <div>
      <p className="mb-1 font-medium">Effect of a hit</p>
      {readOnly ? (
        <EffectName effect={toDefinition(draft)} />
      ) : (
        <>
          <div className="flex flex-wrap items-center gap-2">
            <Segments
              label="Kind of effect"
              value={draft.effect}
              options={KINDS}
              onChange={(effect) => onChange({ effect })}
            />
            {draft.effect === 'points' ? (
              <input
                type="number"
                aria-label="Points"
                aria-invalid={error !== undefined}
                min={-5}
                max={5}
                step={0.1}
                value={draft.points}
                onChange={(event) => onChange({ points: event.target.value })}
                className="h-[30px] w-20 rounded-sm border border-control bg-panel px-2 tabular-nums aria-invalid:border-critical"
              />
            ) : (
              <Segments
                label="Least level"
                value={draft.level}
                options={LEVEL_OPTIONS}
                onChange={(level) => onChange({ level })}
              />
            )}
          </div>
          <p className={`mt-1 text-xs ${error ? 'text-critical' : 'text-faint'}`}>{error ?? help}</p>
        </>
      )}
    </div>
  );
}
