import type { AuditOutcome } from '@/shared/api/types';
import { FilterBar } from '@/shared/ui/fields/FilterBar';
import { Select } from '@/shared/ui/fields/Select';
import { TextFilter } from '@/shared/ui/fields/TextFilter';
import { type AuditFilter, OUTCOMES } from './search';
import type { Change } from './useAuditSearch';
import { COMMON_ACTIONS, inWords, OUTCOME_WORD } from './words';

const OUTCOME_OPTIONS = [
  { value: 'any', label: 'Any outcome' },
  ...OUTCOMES.map((value) => ({ value, label: OUTCOME_WORD[value] })),
] as const;

interface Props {
  filter: AuditFilter;
  onChange: (part: Change) => void;
  onClear: () => void;
  children: React.ReactNode;
}

/** What the log is narrowed to. */
export function AuditToolbar({ filter, onChange, onClear, children }: Props) {
  const known: readonly string[] = COMMON_ACTIONS;
  const other = filter.action && !known.includes(filter.action) ? [filter.action] : [];
  const actions = [
    { value: '', label: 'Any action' },
    ...[...other, ...known].map((value) => ({ value, label: inWords(value) })),
  ];
  return (
    <FilterBar
      set={Object.keys(filter).length}
      onClear={onClear}
      filters={
        <>
          <TextFilter
            label="Who: an address, exactly, or engine"
            placeholder="Who"
            value={filter.actor ?? ''}
            onChange={(actor) => onChange({ actor })}
            className="w-44"
          />
          <Select
            label="Action"
            value={filter.action ?? ''}
            options={actions}
            onChange={(action) => onChange({ action })}
            className="max-w-44 max-sm:flex-1"
          />
          <TextFilter
            label="On what, exactly, such as alert:<id>"
            placeholder="On what"
            value={filter.subject ?? ''}
            onChange={(subject) => onChange({ subject })}
            className="w-36"
          />
          <Select<AuditOutcome | 'any'>
            label="Outcome"
            value={filter.outcome ?? 'any'}
            options={OUTCOME_OPTIONS}
            onChange={(outcome) => onChange({ outcome: outcome === 'any' ? undefined : outcome })}
          />
          <Since label="From, UTC" at={filter.from} onChange={(from) => onChange({ from })} />
          <span className="text-faint">to</span>
          <Since label="To, UTC" at={filter.to} onChange={(to) => onChange({ to })} />
        </>
      }
    >
      {children}
    </FilterBar>
  );
}

interface SinceProps {
  label: string;
  at: string | undefined;
  onChange: (at: string | undefined) => void;
}

function Since({ label, at, onChange }: SinceProps) {
  return (
    <input
      type="date"
      aria-label={label}
      title={label}
      value={at?.slice(0, 10) ?? ''}
      onChange={(event) => onChange(event.target.value ? `${event.target.value}T00:00:00Z` : undefined)}
      className="h-[30px] rounded-sm border border-control bg-panel px-2"
    />
  );
}
