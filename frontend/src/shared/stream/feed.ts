import type { AssessmentSummary, Overturn } from '@/shared/api/types';
import { eventRef } from '@/shared/risk/eventRef';
import { createStore } from '@/shared/store';
import { RecentIds } from './recentIds';

export const FEED_CAP = 1_000;
export const FLUSH_MS = 250;

const newestFirst = (a: AssessmentSummary, b: AssessmentSummary): number => b.sequence - a.sequence;

/** `arrived` put into `rows` (newest first), no more than the cap. */
export function merge(rows: readonly AssessmentSummary[], arrived: AssessmentSummary[]): AssessmentSummary[] {
  const fresh = arrived.sort(newestFirst);
  const newest = rows[0];
  const oldest = fresh.at(-1);
  const inOrder = !newest || !oldest || oldest.sequence > newest.sequence;
  const all = [...fresh, ...rows];
  return (inOrder ? all : all.sort(newestFirst)).slice(0, FEED_CAP);
}

/**
 * The assessments of the live view: each once, newest first, at most 1,000. The first after a pause is shown at
 * once; then arrivals are shown together, four times a second however many there are, and not at all while the tab is
 * hidden.
 */
export class LiveFeed {
  readonly rows = createStore<readonly AssessmentSummary[]>([]);
  #seen = new RecentIds(2 * FEED_CAP);
  #waiting: AssessmentSummary[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hidden = false;
  #flushedAt = Number.NEGATIVE_INFINITY;

  push(items: readonly AssessmentSummary[]): void {
    for (const item of items) if (this.#seen.add(eventRef(item))) this.#waiting.push(item);
    if (this.#waiting.length > 2 * FEED_CAP)
      this.#waiting = this.#waiting.sort(newestFirst).slice(0, FEED_CAP);
    if (this.#hidden || this.#waiting.length === 0) return;
    const due = this.#flushedAt + FLUSH_MS - performance.now();
    if (due <= 0) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), due);
  }

  /** Decisions were overturned, or restored: the rows that show them say so. */
  overturn(items: readonly Overturn[]): void {
    const changed = new Map(items.map((item) => [eventRef(item), item.undone_at ? null : item]));
    const amend = (row: AssessmentSummary) => {
      const overturn = changed.get(eventRef(row));
      return overturn === undefined ? row : { ...row, overturn };
    };
    this.#waiting = this.#waiting.map(amend);
    this.rows.set(this.rows.get().map(amend));
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    this.#flushedAt = performance.now();
    const arrived = this.#waiting;
    this.#waiting = [];
    this.rows.set(merge(this.rows.get(), arrived));
  }

  setHidden(hidden: boolean): void {
    this.#hidden = hidden;
    if (hidden) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    } else this.flush();
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
    this.#seen.clear();
    this.rows.set([]);
  }
}
