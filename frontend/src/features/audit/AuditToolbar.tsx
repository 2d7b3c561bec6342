import Button from '@mui/material/Button';
import { useState } from 'react';
import type { AuditOutcome } from '@/shared/api/types';
import { Select } from '@/shared/ui/Select';
import { TextFilter } from '@/shared/ui/TextFilter';
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

/** What the log is narrowed to. On a phone the filters are folded away, with how many there are. */
export function AuditToolbar({ filter, onChange, onClear, children }: Props) {
  const [open, setOpen] = useState(false);
  const set = Object.keys(filter).length;
  const known: readonly string[] = COMMON_ACTIONS;
  const other = filter.action && !known.includes(filter.action) ? [filter.action] : [];
  const actions = [
    { value: '', label: 'Any action' },
    ...[...other, ...known].map((value) => ({ value, label: inWords(value) })),
  ];
  return (
    <header className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-4 py-2">
      <span className="sm:hidden">
        <Button
          variant="outlined"
          color="inherit"
          aria-expanded={open}
          aria-controls="audit-filters"
          onClick={() => setOpen(!open)}
        >
          Filters{set > 0 && ` · ${set}`}
        </Button>
      </span>
      <div
        id="audit-filters"
        className={`flex-wrap items-center gap-2 sm:contents ${open ? 'order-1 flex w-full' : 'hidden'}`}
      >
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
        <Since label="From, UTC" at={filter.since} onChange={(since) => onChange({ since })} />
        <span className="text-faint">to</span>
        <Since label="To, UTC" at={filter.until} onChange={(until) => onChange({ until })} />
        {set > 0 && <Button onClick={onClear}>Clear</Button>}
      </div>
      <span className="ml-auto flex flex-wrap items-center gap-2">{children}</span>
    </header>
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
