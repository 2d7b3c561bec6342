import { useDeadLetterStats } from '@/shared/risk/useDeadLetterStats';
import { FilterBar } from '@/shared/ui/fields/FilterBar';
import { Select } from '@/shared/ui/fields/Select';
import { type DeadLetterFilter, STATES, type State } from './search';
import type { Change } from './useDeadLetterSearch';

const STATE_WORD = { open: 'Open', replayed: 'Replayed', dismissed: 'Dismissed', all: 'Any state' } as const;
const STATE_OPTIONS = STATES.map((value) => ({ value, label: STATE_WORD[value] }));
const REASONS = ['invalid', 'oversized', 'future', 'duplicate', 'conflict', 'forged', 'unstorable', 'failed'];

interface Props {
  filter: DeadLetterFilter;
  onChange: (part: Change) => void;
  onClear: () => void;
  children: React.ReactNode;
}

/** What the dead letters are narrowed to. */
export function LettersToolbar({ filter, onChange, onClear, children }: Props) {
  const open = useDeadLetterStats().data?.by_reason ?? {};
  const known = new Set([...REASONS, ...Object.keys(open), ...(filter.reason ? [filter.reason] : [])]);
  const reasons = [
    { value: '', label: 'Any reason' },
    ...[...known].map((value) => ({ value, label: open[value] ? `${value} (${open[value]} open)` : value })),
  ];
  return (
    <FilterBar
      set={Object.keys(filter).length}
      onClear={onClear}
      filters={
        <>
          <Select<State>
            label="State"
            value={filter.status ?? 'open'}
            options={STATE_OPTIONS}
            onChange={(status) => onChange({ status })}
          />
          <Select
            label="Reason"
            value={filter.reason ?? ''}
            options={reasons}
            onChange={(reason) => onChange({ reason })}
            className="max-w-52"
          />
          <label className="flex items-center gap-2 text-muted">
            Since
            <input
              type="date"
              aria-label="Received since, UTC"
              value={filter.from?.slice(0, 10) ?? ''}
              onChange={({ target }) =>
                onChange({ from: target.value ? `${target.value}T00:00:00Z` : undefined })
              }
              className="h-[30px] rounded-sm border border-control bg-panel px-2 text-strong"
            />
          </label>
        </>
      }
    >
      {children}
    </FilterBar>
  );
}
