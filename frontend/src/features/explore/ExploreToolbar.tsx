import Button from '@mui/material/Button';
import { useState } from 'react';
import type { EventType, RiskLevel } from '@/shared/api/types';
import { LevelMark } from '@/shared/risk/LevelMark';
import { LEVEL, LEVELS } from '@/shared/risk/levels';
import { Segments } from '@/shared/ui/Segments';
import { Select } from '@/shared/ui/Select';
import { TextFilter } from '@/shared/ui/TextFilter';
import { EVENT_TYPES, type ExploreFilter } from './search';
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
const TYPES = [
  { value: 'any', label: 'Any type' },
  ...EVENT_TYPES.map((value) => ({ value, label: value })),
] as const;

interface Props {
  filter: ExploreFilter;
  onChange: (part: Change) => void;
  onClear: () => void;
  /** At the right: what can be done with the list. */
  children: React.ReactNode;
}

/** What the history is narrowed to. On a phone the filters are folded away, with how many there are. */
export function ExploreToolbar({ filter, onChange, onClear, children }: Props) {
  const [open, setOpen] = useState(false);
  const set = Object.keys(filter).length;
  return (
    <header className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-4 py-2">
      <span className="sm:hidden">
        <Button
          variant="outlined"
          color="inherit"
          aria-expanded={open}
          aria-controls="explore-filters"
          onClick={() => setOpen(!open)}
        >
          Filters{set > 0 && ` · ${set}`}
        </Button>
      </span>
      <div
        id="explore-filters"
        className={`flex-wrap items-center gap-2 sm:contents ${open ? 'order-1 flex w-full' : 'hidden'}`}
      >
        <Segments<RiskLevel>
          label="Lowest level"
          value={filter.level ?? 'LOW'}
          options={LEVEL_OPTIONS}
          onChange={(level) => onChange({ level })}
        />
        <TimeFilter filter={filter} onChange={onChange} />
        <Select
          label="Type of event"
          value={filter.type ?? 'any'}
          options={TYPES}
          onChange={(type) => onChange({ type: type === 'any' ? undefined : (type as EventType) })}
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
        {set > 0 && <Button onClick={onClear}>Clear</Button>}
      </div>
      <span className="ml-auto flex flex-wrap items-center gap-2">{children}</span>
    </header>
  );
}
