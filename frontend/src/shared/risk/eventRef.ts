/** The source of events that came with none: their ids stand alone. */
export const STREAM = 'stream';

export interface EventName {
  event_id: string;
  event_source?: string | null;
}

/**
 * An event in one text, for addresses and keys: its sender's own id, and after a bar whose id that is. Two sources may
 * have the same.
 */
export function eventRef({ event_id, event_source }: EventName): string {
  const source = event_source ?? STREAM;
  return source === STREAM && !event_id.includes('|')
    ? event_id
    : `${event_id}|${encodeURIComponent(source)}`;
}

/** What the API takes for a reference. Somebody may have written it by hand: then it is an id, of whatever source. */
export function readRef(ref: string): { event_id: string; event_source?: string } {
  const bar = ref.lastIndexOf('|');
  if (bar < 1) return { event_id: ref };
  try {
    return { event_id: ref.slice(0, bar), event_source: decodeURIComponent(ref.slice(bar + 1)) };
  } catch {
    return { event_id: ref };
  }
}

/** Path and query of a route of one event. */
export function eventParams(ref: string) {
  const { event_id, event_source } = readRef(ref);
  return { path: { event_id }, query: event_source ? { event_source } : {} };
}

/** The event of an address. An id of digits alone, written by hand, is read as a number. */
export function eventInSearch(value: unknown): { event?: string } {
  const event = Number.isSafeInteger(value) ? String(value) : value;
  return typeof event === 'string' && event ? { event } : {};
}
