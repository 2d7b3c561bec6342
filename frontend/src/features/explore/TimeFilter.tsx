import { Select } from '@/shared/ui/fields/Select';
import { type ExploreFilter, SPANS, type Span } from './search';
import type { Change } from './useExploreSearch';

const WORDS: Record<Span, string> = {
  hour: 'Last hour',
  day: 'Last 24 hours',
  week: 'Last 7 days',
  month: 'Last 30 days',
};
const OPTIONS = [
  { value: 'any', label: 'Any time' },
  ...SPANS.map((value) => ({ value, label: WORDS[value] })),
  { value: 'between', label: 'Between…' },
];

/** When the events occurred: lately, or between two moments, both in UTC as everywhere in a list. */
export function TimeFilter({
  filter,
  onChange,
}: {
  filter: ExploreFilter;
  onChange: (part: Change) => void;
}) {
  const between = filter.from !== undefined || filter.to !== undefined;
  const choose = (value: string) => {
    if (value === 'between') {
      const day = new Date();
      day.setUTCHours(0, 0, 0, 0);
      onChange({ span: undefined, from: day.toISOString() });
    } else {
      onChange({ span: SPANS.find((span) => span === value), from: undefined, to: undefined });
    }
  };
  return (
    <>
      <Select
        label="When it occurred"
        value={between ? 'between' : (filter.span ?? 'any')}
        options={OPTIONS}
        onChange={choose}
        className="max-sm:flex-1"
      />
      {between && (
        <>
          <Moment label="From, UTC" at={filter.from} onChange={(from) => onChange({ from })} />
          <span className="text-faint">to</span>
          <Moment label="To, UTC" at={filter.to} onChange={(to) => onChange({ to })} />
          <span className="text-faint">UTC</span>
        </>
      )}
    </>
  );
}

interface MomentProps {
  label: string;
  at: string | undefined;
  onChange: (at: string | undefined) => void;
}

function Moment({ label, at, onChange }: MomentProps) {
  return (
    <input
      type="datetime-local"
      aria-label={label}
      value={at?.slice(0, 16) ?? ''}
      onChange={(event) => onChange(event.target.value ? `${event.target.value}:00Z` : undefined)}
      className="h-[30px] rounded-sm border border-control bg-panel px-2"
    />
  );
}
