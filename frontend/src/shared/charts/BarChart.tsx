import type { ReactNode } from 'react';
import { count } from '@/shared/format/number';
import { ChartFrame, type FrameProps } from './ChartFrame';
import { TONE, type Tone } from './tones';

export interface Bar {
  id: string;
  /** May be a link to where it leads. */
  name: ReactNode;
  value: number;
  tone?: Tone;
  /** Beside the value, such as a share. */
  note?: ReactNode;
}

interface Props extends FrameProps {
  /** Heading of the names. */
  of: string;
  /** In the order in which they are drawn. */
  bars: readonly Bar[];
  format?: ((value: number) => string) | undefined;
  /** The value that fills the width; the largest one by default. */
  full?: number;
}

/** Lying bars, one for each name. The names are text beside them, so the chart reads as a list. */
export function BarChart({ of, bars, format = count, full, ...frame }: Props) {
  const end = full ?? Math.max(...bars.map((bar) => bar.value), Number.MIN_VALUE);
  return (
    <ChartFrame
      {...frame}
      figures={{
        columns: [of, frame.unit],
        rows: bars.map((bar) => ({ key: bar.id, cells: [bar.name, format(bar.value)] })),
      }}
    >
      <ol
        tabIndex={0}
        aria-label={frame.title}
        className={`flex h-full flex-col gap-2 overflow-y-auto ${frame.bare ? '' : 'px-4 pt-1'}`}
      >
        {bars.map((bar) => (
          <li key={bar.id} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 gap-y-1">
            <span className="line-clamp-2 leading-snug wrap-anywhere">{bar.name}</span>
            <span className="whitespace-nowrap tabular-nums">
              <span className="font-medium">{format(bar.value)}</span>
              {bar.note && <span className="ml-1.5 text-xs text-faint">{bar.note}</span>}
            </span>
            <span aria-hidden="true" className="col-span-2 h-1 rounded-xs bg-sunken">
              <span
                className={`block h-full rounded-xs ${TONE[bar.tone ?? 'first'].bg}`}
                style={{ width: `${Math.max(0, Math.min(1, bar.value / end)) * 100}%` }}
              />
            </span>
          </li>
        ))}
      </ol>
    </ChartFrame>
  );
}
