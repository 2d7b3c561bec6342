import { columnVisibilityFeature, createColumnHelper, tableFeatures } from '@tanstack/react-table';
import type { AssessmentSummary } from '@/shared/api/types';
import { Amount } from '@/shared/risk/amounts/Amount';
import { DecisionTag } from '@/shared/risk/decisions/DecisionTag';
import { LevelName } from '@/shared/risk/scores/LevelMark';
import { ScoreBar } from '@/shared/risk/scores/ScoreBar';
import { TimeOfDay } from '@/shared/time/Moment';

export const features = tableFeatures({ columnVisibilityFeature });
const helper = createColumnHelper<typeof features, AssessmentSummary>();
const none = <span className="text-faint">–</span>;

/** Width of each column as a CSS grid track. */
export const TRACK: Record<string, string> = {
  scored_at: '5rem',
  level: '5.75rem',
  decision: '6rem',
  score: '6.5rem',
  account_id: 'minmax(7.25rem, 0.8fr)',
  counterparty_id: 'minmax(6rem, 0.8fr)',
  event_type: '5rem',
  amount: '8.5rem',
  country: '3.75rem',
  reason: 'minmax(10rem, 2.6fr)',
};

export const columns = helper.columns([
  helper.accessor('scored_at', { header: 'Scored', cell: ({ getValue }) => <TimeOfDay at={getValue()} /> }),
  helper.accessor('level', { header: 'Level', cell: ({ getValue }) => <LevelName level={getValue()} /> }),
  helper.accessor((row) => row.decision?.action, {
    id: 'decision',
    header: 'Decision',
    cell: ({ getValue, row }) => <DecisionTag action={getValue()} overturn={row.original.overturn} />,
  }),
  helper.accessor('score', {
    header: 'Score',
    cell: ({ row }) => <ScoreBar score={row.original.score} level={row.original.level} />,
  }),
  helper.accessor('account_id', { header: 'Account', cell: ({ getValue }) => getValue() }),
  helper.accessor('counterparty_id', { header: 'Counterparty', cell: ({ getValue }) => getValue() ?? none }),
  helper.accessor('event_type', { header: 'Type', cell: ({ getValue }) => getValue() }),
  helper.accessor('amount', {
    header: 'Amount',
    cell: ({ row }) => <Amount amount={row.original.amount} currency={row.original.currency} />,
  }),
  helper.accessor('country', { header: 'Country', cell: ({ getValue }) => getValue() ?? none }),
  helper.accessor((row) => row.reasons[0]?.text, {
    id: 'reason',
    header: 'Leading reason',
    cell: ({ getValue }) => getValue() ?? none,
  }),
]);

/** Below a width in pixels, columns that give way. */
export function visibleAt(width: number): Record<string, boolean> {
  return {
    country: width >= 1080,
    event_type: width >= 960,
    decision: width >= 860,
    counterparty_id: width >= 1000,
    amount: width >= 720,
  };
}
