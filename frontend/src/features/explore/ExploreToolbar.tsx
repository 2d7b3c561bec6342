import type { Action, RiskLevel } from '@/shared/api/types';
import { sentence } from '@/shared/format/words';
import { ACTION_OPTIONS } from '@/shared/risk/decisions/decisions';
import { LevelMark } from '@/shared/risk/scores/LevelMark';
import { LEVEL, LEVELS } from '@/shared/risk/scores/levels';
import { type EventTypes, useEventTypes } from '@/shared/risk/useEventTypes';
import { type HistoryOrder, ORDERS } from '@/shared/risk/useHistory';
import { FilterBar } from '@/shared/ui/fields/FilterBar';
import { Segments } from '@/shared/ui/fields/Segments';
import { Select } from '@/shared/ui/fields/Select';
import { TextFilter } from '@/shared/ui/fields/TextFilter';
import type { ExploreFilter } from './search';
import { TimeFilter } from './TimeFilter';
import type { Change } from './useExploreSearch';

const LEVEL_OPTIONS = LEVELS.map((value) => ({
  value,
  label:
    value === 'LOW' ? (
      'All levels'
    ) : (
      <>
        <LevelMark level={value} size={11} /> {LEVEL[value].word}
        {value !== 'CRITICAL' && '+'}
      </>
    ),
}));
const DECISION_OPTIONS: { value: Action | 'any'; label: string }[] = [
  { value: 'any', label: 'Any decision' },
  ...ACTION_OPTIONS,
];
const OVERTURN_OPTIONS = [
  { value: 'any', label: 'Overturned or not' },
  { value: 'overturned', label: 'Overturned' },
] as const;
const ORDER_OPTIONS = Object.entries(ORDERS).map(([value, name]) => ({
  value: value as HistoryOrder,
  label: sentence(name),
}));

/** The registered types, the unregistered ones that were seen, and the one that is chosen. */
function typeOptions(known: EventTypes | undefined, chosen: string | undefined) {
  const names = [...(known?.items ?? []), ...(known?.unregistered ?? [])].map(({ name }) => name);
  if (chosen && !names.includes(chosen)) names.push(chosen);
  return [{ value: 'any', label: 'Any type' }, ...names.map((value) => ({ value, label: value }))];
}

interface Props {
  filter: ExploreFilter;
  sort: HistoryOrder | undefined;
  onChange: (part: Change) => void;
  onClear: () => void;
  /** At the right: what can be done with the list. */
  children: React.ReactNode;
}

/** What the history is narrowed to. */
export function ExploreToolbar({ filter, sort, onChange, onClear, children }: Props) {
  const types = typeOptions(useEventTypes().data, filter.type);
  return (
    <FilterBar
      set={Object.keys(filter).length}
      onClear={onClear}
      filters={
        <>
          <Segments<RiskLevel>
            label="Lowest level"
            value={filter.level ?? 'LOW'}
            options={LEVEL_OPTIONS}
            onChange={(level) => onChange({ level })}
          />
          <TimeFilter filter={filter} onChange={onChange} />
          <Select
            label="Decision"
            value={filter.decision ?? 'any'}
            options={DECISION_OPTIONS}
            onChange={(decision) => onChange({ decision: decision === 'any' ? undefined : decision })}
            className="max-sm:flex-1"
          />
          <Select
            label="Overturned"
            value={filter.overturned ? 'overturned' : 'any'}
            options={OVERTURN_OPTIONS}
            onChange={(chosen) => onChange({ overturned: chosen === 'overturned' ? true : undefined })}
            className="max-sm:flex-1"
          />
          <Select
            label="Type of event"
            value={filter.type ?? 'any'}
            options={types}
            onChange={(type) => onChange({ type: type === 'any' ? undefined : type })}
            className="max-sm:flex-1"
          />
          <TextFilter
            label="Account, exactly"
            placeholder="Account"
            value={filter.account ?? ''}
            onChange={(account) => onChange({ account })}
          />
          <TextFilter
            label="Counterparty, exactly"
            placeholder="Counterparty"
            value={filter.counterparty ?? ''}
            onChange={(counterparty) => onChange({ counterparty })}
          />
          <TextFilter
            label="Lowest score, 0 to 1"
            placeholder="Score ≥"
            type="number"
            step={0.05}
            max={1}
            value={filter.score === undefined ? '' : String(filter.score)}
            onChange={(score) => onChange({ score: score === '' ? undefined : Number(score) })}
            className="w-24"
          />
          {/* Where there are cards, there are no headings to press. */}
          <Select<HistoryOrder>
            label="Order"
            value={sort ?? '-scored_at'}
            options={ORDER_OPTIONS}
            onChange={(order) => onChange({ sort: order === '-scored_at' ? undefined : order })}
            className="flex-1 sm:hidden"
          />
        </>
      }
    >
      {children}
    </FilterBar>
  );
}
