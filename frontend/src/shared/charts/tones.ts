/**
 * The colours a chart may draw with, by name: `low` … `critical` for the levels and nothing else, `first` …
 * `fourth` for any other series in that order. Their values are tokens (app/theme.ts).
 */
export type Tone = 'low' | 'medium' | 'high' | 'critical' | 'first' | 'second' | 'third' | 'fourth';

interface ToneStyle {
  /** Background of an element, fill of a shape. */
  bg: string;
  fill: string;
  /** Of the colour that a canvas draws with. */
  variable: string;
  /** Of a line, so that two can be told apart without their colours. */
  dash: number[];
}

const style = (bg: string, fill: string, token: string, dash: number[] = []): ToneStyle => ({
  bg,
  fill,
  variable: `--risk-palette-${token}`,
  dash,
});

export const TONE: Record<Tone, ToneStyle> = {
  low: style('bg-low-mark', 'fill-low-mark', 'level-low-mark', [2, 3]),
  medium: style('bg-medium-mark', 'fill-medium-mark', 'level-medium-mark', [6, 3]),
  high: style('bg-high-mark', 'fill-high-mark', 'level-high-mark', [10, 3, 2, 3]),
  critical: style('bg-critical-mark', 'fill-critical-mark', 'level-critical-mark'),
  first: style('bg-series-first', 'fill-series-first', 'series-first'),
  second: style('bg-series-second', 'fill-series-second', 'series-second', [6, 3]),
  third: style('bg-series-third', 'fill-series-third', 'series-third', [2, 3]),
  fourth: style('bg-series-fourth', 'fill-series-fourth', 'series-fourth', [10, 3, 2, 3]),
};

/** The tone of the n-th series when nothing says otherwise. */
export const toneAt = (index: number): Tone =>
  (['first', 'second', 'third', 'fourth'] as const)[index % 4] ?? 'first';
