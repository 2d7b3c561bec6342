import { useState } from 'react';
import type { AssessmentSummary } from '@/shared/api/types';

type Rows = readonly AssessmentSummary[];

/**
 * The rows to show while new ones may not move them: as they were when the hold began, and how many have come
 * since. An empty list is not held, having nothing to move.
 */
export function useHeldRows(rows: Rows, held: boolean) {
  const [kept, setKept] = useState<Rows | null>(null);
  const holding = held && rows.length > 0;
  if (holding && kept === null) setKept(rows);
  if (!holding && kept !== null) setKept(null);
  const shown = holding && kept ? kept : rows;
  const newest = shown[0]?.sequence ?? Number.NEGATIVE_INFINITY;
  const until = rows.findIndex((row) => row.sequence <= newest);
  const fresh = shown === rows ? 0 : until === -1 ? rows.length : until;
  return { shown, fresh, catchUp: () => setKept(rows) };
}
