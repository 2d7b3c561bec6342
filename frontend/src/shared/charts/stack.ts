/**
 * The tops of bars that stand on each other, one list for each series (topmost first): its value and all values
 * under it. A bar's foot is the top of the one after it.
 */
export function stack(series: readonly (readonly (number | null)[])[]): number[][] {
  return series.map((values, top) =>
    values.map((_, at) => series.slice(top).reduce((sum, each) => sum + (each[at] ?? 0), 0)),
  );
}
