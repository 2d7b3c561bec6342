import type { ReactNode } from 'react';
import { TONE, type Tone } from './tones';

export interface LegendEntry {
  id: string;
  name: ReactNode;
  tone: Tone;
  /** How it is drawn; `none` when the name has a mark of its own (LevelName). */
  swatch?: 'bar' | 'line' | 'none';
  /** What it is where one points. */
  value?: ReactNode;
}

interface Props {
  entries: readonly LegendEntry[];
  /** Makes each entry a switch of its series. */
  hidden?: ReadonlySet<string> | undefined;
  onToggle?: ((id: string) => void) | undefined;
  /** Which moment or place the values are of. */
  at?: ReactNode;
}

/** Which mark is which series, and what it is where one points. */
export function ChartLegend({ entries, hidden, onToggle, at }: Props) {
  return (
    <div className="flex flex-wrap items-center gap-x-1 text-xs">
      {entries.map((entry) => {
        const content = (
          <>
            {entry.swatch !== 'none' && <Swatch tone={entry.tone} line={entry.swatch === 'line'} />}
            <span className="font-medium">{entry.name}</span>
            {entry.value !== undefined && (
              <span className="min-w-6 text-left font-medium tabular-nums">{entry.value}</span>
            )}
          </>
        );
        const look = 'flex h-6 items-center gap-1.5 rounded-xs px-1.5';
        if (!onToggle) {
          return (
            <span key={entry.id} className={look}>
              {content}
            </span>
          );
        }
        return (
          <button
            key={entry.id}
            type="button"
            aria-pressed={!hidden?.has(entry.id)}
            onClick={() => onToggle(entry.id)}
            className={`${look} hover:bg-hover aria-[pressed=false]:line-through aria-[pressed=false]:opacity-60`}
          >
            {content}
          </button>
        );
      })}
      {at && <span className="pl-1 text-faint tabular-nums">{at}</span>}
    </div>
  );
}

function Swatch({ tone, line }: { tone: Tone; line: boolean }) {
  if (!line) return <span aria-hidden="true" className={`size-2.5 rounded-xs ${TONE[tone].bg}`} />;
  return (
    <svg viewBox="0 0 18 4" width="18" height="4" aria-hidden="true">
      <line
        x1="0"
        x2="18"
        y1="2"
        y2="2"
        strokeWidth="2"
        stroke={`var(${TONE[tone].variable})`}
        strokeDasharray={TONE[tone].dash.join(' ')}
      />
    </svg>
  );
}
