const HOUR = 3600_000;
const FINE = 72;
/** A chart has at least so many steps, those without a count before the first. */
const LEAST = 8;

export interface Steps<Name extends string> {
  /** What one step is, as a chart says it. */
  unit: string;
  /** Where each begins, epoch milliseconds. */
  x: number[];
  /** A count for each step. */
  counts: Record<Name, number[]>;
}

/**
 * Counts by hour as the steps of a chart, without holes: an hour each for up to three days, else a day (UTC). `span`
 * (epoch milliseconds) widens it beyond the hours with counts.
 */
export function steps<Name extends string>(
  names: readonly Name[],
  hours: readonly ({ hour: string } & { [Key in Name]: number })[],
  span: readonly number[] = [],
): Steps<Name> {
  const counts = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  if (hours.length === 0) return { unit: 'per hour', x: [], counts };
  const times = [...hours.map(({ hour }) => Date.parse(hour)), ...span];
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const size = last - first < FINE * HOUR ? HOUR : 24 * HOUR;
  const end = Math.floor(last / size);
  const start = Math.min(Math.floor(first / size), end - LEAST + 1);
  const x = Array.from({ length: end - start + 1 }, (_, i) => (start + i) * size);
  for (const name of names) {
    counts[name] = x.map(() => 0);
    for (const each of hours) {
      const place = Math.floor(Date.parse(each.hour) / size) - start;
      counts[name][place] = (counts[name][place] ?? 0) + each[name];
    }
  }
  return { unit: size === HOUR ? 'per hour' : 'per day', x, counts };
}
