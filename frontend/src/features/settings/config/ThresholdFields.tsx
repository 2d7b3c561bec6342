import Slider from '@mui/material/Slider';
import { LevelMark, LevelName } from '@/shared/risk/LevelMark';
import { LEVEL, LEVELS } from '@/shared/risk/levels';
import { type Edge, moveEdge, STEP, type Thresholds } from './draft';

const EDGES: readonly { edge: Edge; label: string }[] = [
  { edge: 'low', label: 'Medium begins at' },
  { edge: 'medium', label: 'High begins at' },
  { edge: 'high', label: 'Critical begins at' },
];

interface Props {
  thresholds: Thresholds;
  readOnly: boolean;
  onChange: (thresholds: Thresholds) => void;
}

/** The three bounds: on the bar of the levels, and as numbers. */
export function ThresholdFields({ thresholds, readOnly, onChange }: Props) {
  const edges = [0, thresholds.low, thresholds.medium, thresholds.high, 1];
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
          value={[thresholds.low, thresholds.medium, thresholds.high]}
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
            if (edge && value !== undefined) onChange(moveEdge(thresholds, edge, value));
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
          <label key={edge} className="flex items-center gap-2">
            <span className="text-muted max-sm:w-32">{label}</span>
            <input
              type="number"
              min={STEP}
              max={1 - STEP}
              step={STEP}
              disabled={readOnly}
              value={thresholds[edge]}
              onChange={(event) => {
                const value = event.target.valueAsNumber;
                if (!Number.isNaN(value)) onChange(moveEdge(thresholds, edge, value));
              }}
              className="h-[30px] w-20 rounded-sm border border-control bg-panel px-2 tabular-nums disabled:border-line"
            />
          </label>
        ))}
      </div>
    </>
  );
}
