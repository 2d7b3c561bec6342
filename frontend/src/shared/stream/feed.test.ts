import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { assessment, assessments } from '@/testing/fixtures';
import { FEED_CAP, FLUSH_MS, LiveFeed } from './feed';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const sequences = (feed: LiveFeed) => feed.rows.get().map((row) => row.sequence);

test('the first after a pause shows at once, what follows within 250 ms together', () => {
  const feed = new LiveFeed();
  feed.push([assessment(1)]);
  expect(sequences(feed)).toEqual([1]);
  feed.push([assessment(2)]);
  vi.advanceTimersByTime(FLUSH_MS - 1);
  expect(sequences(feed)).toEqual([1]);
  vi.advanceTimersByTime(1);
  expect(sequences(feed)).toEqual([2, 1]);
});

test('two thousand a second are shown four times a second, and none of the newest is missing', () => {
  const feed = new LiveFeed();
  let shown = 0;
  feed.rows.subscribe(() => {
    shown += 1;
  });
  for (let frame = 0; frame < 20; frame += 1) {
    feed.push(assessments(100, 1 + frame * 100));
    vi.advanceTimersByTime(50);
  }
  vi.advanceTimersByTime(FLUSH_MS);
  expect(shown).toBeLessThanOrEqual(5);
  expect(sequences(feed)).toEqual(Array.from({ length: FEED_CAP }, (_, i) => 2_000 - i));
});

test('an assessment sent twice shows once', () => {
  const feed = new LiveFeed();
  feed.push([assessment(1), assessment(1)]);
  feed.flush();
  feed.push([assessment(1)]);
  feed.flush();
  expect(sequences(feed)).toEqual([1]);
});

test('rows are newest first even when frames arrive out of order', () => {
  const feed = new LiveFeed();
  feed.push([assessment(3), assessment(5)]);
  feed.flush();
  feed.push([assessment(4), assessment(6)]);
  feed.flush();
  expect(sequences(feed)).toEqual([6, 5, 4, 3]);
});

test('no more than a thousand rows are kept, and they are the newest', () => {
  const feed = new LiveFeed();
  feed.push(assessments(FEED_CAP + 200));
  feed.flush();
  expect(sequences(feed)).toHaveLength(FEED_CAP);
  expect(sequences(feed).at(-1)).toBe(201);
});

test('a hidden tab shows nothing until it is seen again, and then everything', () => {
  const feed = new LiveFeed();
  feed.setHidden(true);
  feed.push(assessments(50));
  vi.advanceTimersByTime(10_000);
  expect(sequences(feed)).toEqual([]);
  feed.setHidden(false);
  expect(sequences(feed)).toHaveLength(50);
});

test('a row says that its decision was overturned, and that this was undone', () => {
  const feed = new LiveFeed();
  feed.push(assessments(2));
  feed.flush();
  const overturn = {
    id: '1',
    event_source: 'stream',
    event_id: 'event-1',
    decided: 'decline' as const,
    action: 'approve' as const,
    reason: 'known',
    made_by: 'ada',
    made_at: '2026-01-31T10:00:00Z',
  };
  feed.overturn([overturn]);
  expect(feed.rows.get().map((row) => row.overturn?.action)).toEqual([undefined, 'approve']);
  feed.overturn([{ ...overturn, undone_by: 'ada', undone_at: '2026-01-31T10:01:00Z' }]);
  expect(feed.rows.get().map((row) => row.overturn ?? null)).toEqual([null, null]);
});
