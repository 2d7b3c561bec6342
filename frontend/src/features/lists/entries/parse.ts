import type { FieldError } from '@/shared/api/problem';

export const MAX_LINES = 1000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export interface Item {
  /** Of the text, from 1. */
  line: number;
  value: string;
  expires_at: string | null;
}

export interface LineFault {
  line: number;
  detail: string;
}

/**
 * One entry a line: the value, and after a comma or a tab, if it wants another than `expires`, the day (UTC, its end)
 * or moment until when it holds. Empty lines are nothing. What the server would refuse is left to the server.
 */
export function parse(text: string, expires: string | null): { items: Item[]; faults: LineFault[] } {
  const items: Item[] = [];
  const faults: LineFault[] = [];
  const seen = new Map<string, number>();
  for (const [place, whole] of text.split('\n').entries()) {
    const line = place + 1;
    const [value = '', own = ''] = whole.split(/[,\t]/, 2).map((part) => part.trim());
    if (!value && !own) continue;
    const until = own ? moment(own) : expires;
    const before = seen.get(value);
    if (!value) faults.push({ line, detail: 'there is nothing before the comma' });
    else if (until === undefined) faults.push({ line, detail: `${own} is no day such as 2027-01-31` });
    else if (before !== undefined) faults.push({ line, detail: `the same as line ${before}` });
    else items.push({ line, value, expires_at: until });
    if (value && before === undefined) seen.set(value, line);
  }
  if (items.length > MAX_LINES) {
    faults.push({
      line: items[MAX_LINES]?.line ?? 0,
      detail: `at most ${MAX_LINES} entries at once; put the rest in later`,
    });
  }
  return { items, faults };
}

/** The end of a day, or a moment as it is; undefined if it is neither. */
export function moment(text: string): string | undefined {
  const day = DAY.test(text);
  const at = new Date(day ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(at.getTime())) return undefined;
  if (day) at.setUTCDate(at.getUTCDate() + 1);
  return at.toISOString();
}

/** What the server said of `items.3.value`, at the line that it came from. */
export function lineFaults(fields: readonly FieldError[], items: readonly Item[]): LineFault[] {
  return fields.flatMap(({ field, detail }) => {
    const place = /(?:^|\.)items\.(\d+)\./.exec(field);
    const item = place && items[Number(place[1])];
    return item ? [{ line: item.line, detail }] : [];
  });
}
