import type { ModelComparison } from '@/shared/api/types';

type Scorer = ModelComparison['champion'];

export interface Measure {
  name: string;
  meaning: string;
  of: (scorer: Scorer) => number | null;
  /** Whether more of it is better; null when neither is. */
  more: boolean | null;
}

export const MEASURES: readonly Measure[] = [
  { name: 'AUC', meaning: 'how well it ranks; 0.5 is chance', of: ({ auc }) => auc, more: true },
  {
    name: 'Average precision',
    meaning: 'how pure the top of its ranking is',
    of: ({ average_precision }) => average_precision,
    more: true,
  },
  {
    name: 'Brier score',
    meaning: 'mean squared error of its probability',
    of: ({ brier }) => brier,
    more: false,
  },
  {
    name: 'Mean probability',
    meaning: 'beside the share of fraud',
    of: ({ mean_score }) => mean_score,
    more: null,
  },
];

/** Which of the two is better by a measure; null when they are equal, or nothing could be measured. */
export function better(measure: Measure, comparison: ModelComparison): 'champion' | 'challenger' | null {
  const [a, b] = [measure.of(comparison.champion), measure.of(comparison.challenger)];
  if (a === null || b === null || a === b || measure.more === null) return null;
  return a > b === measure.more ? 'champion' : 'challenger';
}
