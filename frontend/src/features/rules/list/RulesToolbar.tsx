import Button from '@mui/material/Button';
import { Link } from '@tanstack/react-router';
import type { RuleStatus } from '@/shared/api/types';
import { useMay } from '@/shared/session/useMay';
import { Segments } from '@/shared/ui/fields/Segments';
import { Icon } from '@/shared/ui/Icon';
import { RuleStatusName } from '../RuleStatusName';
import { type RulesSearch, STATUSES } from '../search';

const OPTIONS = [
  { value: 'all' as const, label: 'All' },
  ...STATUSES.map((value) => ({ value, label: <RuleStatusName status={value} /> })),
];

interface Props {
  search: RulesSearch;
  onChange: (part: { status?: RuleStatus | undefined; text?: string | undefined }) => void;
}

export function RulesToolbar({ search, onChange }: Props) {
  const mayDraft = useMay('rules:draft');
  return (
    <header className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-4 py-2">
      <div className="max-w-full overflow-x-auto">
        <Segments
          label="State"
          value={search.status ?? 'all'}
          options={OPTIONS}
          onChange={(status) => onChange({ status: status === 'all' ? undefined : status })}
        />
      </div>
      <input
        type="search"
        aria-label="Name or owner"
        placeholder="Name or owner"
        value={search.text ?? ''}
        onChange={(event) => onChange({ text: event.target.value })}
        className="h-[30px] w-44 min-w-28 rounded-sm border border-control bg-panel px-2.5 placeholder:text-faint max-sm:flex-1"
      />
      {mayDraft && (
        <Button
          component={Link}
          to="/rules/new"
          variant="contained"
          sx={{ ml: 'auto' }}
          startIcon={<Icon name="plus" size={13} />}
        >
          New rule
        </Button>
      )}
    </header>
  );
}
