import Slider from '@mui/material/Slider';
import { LevelMark, LevelName } from '@/shared/risk/scores/LevelMark';
import { LEVEL, LEVELS } from '@/shared/risk/scores/levels';
import { NumberField } from '@/shared/ui/fields/NumberField';
import { type Edge, moveEdge, STEP, type Thresholds } from './draft';

const EDGES: readonly { edge: Edge; label: string }[] = [
  { edge: 'low', label: 'Medium begins at' },
  { edge: 'medium', label: 'High begins at' },
  { edge: 'high', label: 'Critical begins at' },
];

interface Props {
  thresholds: Thresholds;
  /** The last ones that could be put in force: what the bar shows while others are typed. */
  sound: Thresholds;
  problem: string | null;
  readOnly: boolean;
  onChange: (thresholds: Thresholds) => void;
}

/** The three bounds: on the bar of the levels, and as numbers. */
export function ThresholdFields({ thresholds, sound, problem, readOnly, onChange }: Props) {
  const edges = [0, sound.low, sound.medium, sound.high, 1];
  return (
    <>
      <div className="relative mx-2 pt-6">
        <div aria-hidden="true" className="absolute inset-x-0 top-0 flex">
          {LEVELS.map((level, i) => (
            <span
              key={level}
              className="@container overflow-hidden text-xs whitespace-nowrap"
              style={{ width: `${((edges[i + 1] ?? 1) - (edges[i] ?? 0)) * 100}%` }}
            >
              {/* Where there is no room for the word, its shape; the fields below have the words. */}
              <span className="hidden @min-[4.5rem]:block">
                <LevelName level={level} />
              </span>
              <span className="@max-[0.8rem]:hidden @min-[4.5rem]:hidden">
                <LevelMark level={level} />
              </span>
            </span>
          ))}
        </div>
        <div aria-hidden="true" className="absolute inset-x-0 top-[35px] flex h-1.5 gap-0.5">
          {LEVELS.map((level, i) => (
            <span
              key={level}
              className={`rounded-xs ${LEVEL[level].fill}`}
              style={{ width: `${((edges[i + 1] ?? 1) - (edges[i] ?? 0)) * 100}%` }}
            />
          ))}
        </div>
        <Slider
          value={[sound.low, sound.medium, sound.high]}
          min={0}
          max={1}
          step={STEP}
          disabled={readOnly}
          disableSwap
          track={false}
          getAriaLabel={(i) => EDGES[i]?.label ?? ''}
          onChange={(_, values, at) => {
            const edge = EDGES[at]?.edge;
            const value = (values as number[])[at];
            if (edge && value !== undefined) onChange(moveEdge(sound, edge, value));
          }}
          sx={{
            py: 1.5,
            '& .MuiSlider-rail': { opacity: 0 },
            '& .MuiSlider-thumb': { width: 6, height: 22, borderRadius: 1, bgcolor: 'text.primary' },
          }}
        />
      </div>
      <div className="mt-2 flex flex-wrap gap-x-6 gap-y-2">
        {EDGES.map(({ edge, label }) => (
          <div key={edge} className="flex items-center gap-2">
            <span aria-hidden="true" className="text-muted max-sm:w-32">
              {label}
            </span>
            <NumberField
              label={label}
              step={STEP}
              disabled={readOnly}
              invalid={problem !== null}
              value={thresholds[edge]}
              onChange={(value) => onChange({ ...thresholds, [edge]: value })}
              className="w-20"
            />
          </div>
        ))}
      </div>
      {problem && (
        <p role="alert" className="mt-2 text-critical">
          {problem}
        </p>
      )}
    </>
  );
}
