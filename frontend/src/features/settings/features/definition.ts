import type { DefinitionStatus, NewDefinition } from '@/shared/api/types';

export const AGGREGATES = [
  'count',
  'sum',
  'mean',
  'min',
  'max',
  'distinct',
  'last',
  'seconds_since_last',
  'ratio',
  'stddev',
  'zscore',
] as const satisfies readonly NewDefinition['aggregate'][];

export const DIRECTIONS = [
  { value: 'none', label: 'Neither' },
  { value: 'higher_is_riskier', label: 'Higher is riskier' },
  { value: 'lower_is_riskier', label: 'Lower is riskier' },
] as const;

type Body = Omit<NewDefinition, 'name'>;

/** What is computed, in one line: `distinct account_id by device_id in 7d`. */
export function inWords({ aggregate, field, key, window }: Body): string {
  return `${aggregate}${field ? ` ${field}` : ''} by ${key.join(' and ')} in ${window}`;
}

interface Chosen {
  aggregate: NewDefinition['aggregate'];
  direction: NonNullable<NewDefinition['direction']>;
  filter: string;
}

/** The definition that a form says. */
export function definitionOf(form: FormData, chosen: Chosen, name?: string): NewDefinition {
  const text = (field: string) => String(form.get(field) ?? '').trim();
  return {
    name: name ?? text('name'),
    key: text('key')
      .split(/[\s,]+/)
      .filter(Boolean),
    aggregate: chosen.aggregate,
    field: text('field') || null,
    window: text('window'),
    filter: chosen.filter.trim() || null,
    unit: text('unit'),
    meaning: text('meaning'),
    direction: chosen.direction,
  };
}

export interface Move {
  to: DefinitionStatus;
  name: string;
}

const MOVES: Record<DefinitionStatus, readonly Move[]> = {
  draft: [
    { to: 'backfilled', name: 'Backfill' },
    { to: 'archived', name: 'Archive' },
  ],
  backfilled: [
    { to: 'live', name: 'Put live' },
    { to: 'draft', name: 'Back to draft' },
    { to: 'archived', name: 'Archive' },
  ],
  live: [
    { to: 'backfilled', name: 'Take out of use' },
    { to: 'archived', name: 'Archive' },
  ],
  archived: [{ to: 'draft', name: 'Back to draft' }],
};

/** What can be done with a version that stands there. */
export const movesFrom = (status: DefinitionStatus): readonly Move[] => MOVES[status];
