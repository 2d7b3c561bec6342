import { expect, test } from 'vitest';
import type { ImportView } from '@/shared/api/types';
import { canUndo, outcome, size, stage } from './words';

const one = (part: Partial<ImportView>): ImportView => ({
  id: 1,
  name: 'a.csv',
  source: 'a',
  status: 'running',
  uploaded: true,
  created_by: 'ada@example.com',
  created_at: '2026-01-01T00:00:00Z',
  started_at: null,
  finished_at: null,
  undone_by: null,
  undone_at: null,
  size: 1,
  read_share: 0,
  rows: 0,
  refused: 0,
  events: 0,
  labels: 0,
  repeated: 0,
  failed: 0,
  detail: null,
  ...part,
});

test('a file is read before its records are loaded, and the share never passes the whole', () => {
  expect(stage(one({ read_share: 0.499 }))).toEqual({ words: 'Reading the file: 49 %', share: 0.499 });
  expect(stage(one({ read_share: 1, events: 5 })).share).toBeNull();
  const loading = one({ read_share: 1, rows: 100, refused: 20, events: 40 });
  expect(stage(loading)).toEqual({ words: 'Loading: 40 records of 100 rows', share: 0.5 });
  expect(stage(one({ read_share: 1, rows: 4, events: 4, labels: 4 })).share).toBe(1);
});

test('the outcome names every row', () => {
  const said = outcome(one({ rows: 100, refused: 1, events: 99, labels: 99, failed: 2 }));
  expect(said).toBe('100 rows: 99 events, 99 labels, 1 row refused, 2 dead letters');
});

test('sizes are short, and what is taken back is not taken back again', () => {
  expect([0, 999, 5_200, 4_800_000, 64_000_000, 5e12].map(size)).toEqual([
    '0 bytes',
    '999 bytes',
    '5.2 KB',
    '4.8 MB',
    '64 MB',
    '5000 GB',
  ]);
  expect(['planned', 'done', 'undone'].map((status) => canUndo(status as 'done'))).toEqual([
    true,
    true,
    false,
  ]);
});
