import { calendarDate, clock, clockMinute } from '@/shared/time/format';
import type { Tone } from './tones';

/** What Plot draws, apart from the data. */
export interface PlotShape {
  kind: 'lines' | 'stacked';
  tones: readonly Tone[];
  /** Whether the axis is of times (epoch milliseconds) or of another number. */
  time: boolean;
  /** The fixed end of the upright axis; by default a round number that holds the data. */
  top: number | undefined;
  format: (value: number) => string;
  formatX: (x: number) => string;
}

const DAYS = 36 * 3600_000;
const MINUTES = 15 * 60_000;

/** How to write a time on an axis, in the chosen zone: `09:31`, `11-23` when the axis spans days, `09:31:05` when it spans minutes. */
export function timeOnAxis(x: readonly number[]): (at: number) => string {
  const span = (x.at(-1) ?? 0) - (x[0] ?? 0);
  if (span > DAYS) return (at) => calendarDate(new Date(at)).slice(5);
  return span < MINUTES ? (at) => clock(new Date(at)) : (at) => clockMinute(new Date(at));
}
