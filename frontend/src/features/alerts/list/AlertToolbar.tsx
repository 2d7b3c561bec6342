import type { RiskLevel } from '@/shared/api/types';
import { count } from '@/shared/format/number';
import { LevelMark } from '@/shared/risk/scores/LevelMark';
import { LEVEL } from '@/shared/risk/scores/levels';
import { useAlertStats } from '@/shared/risk/useAlertStats';
import { Segments } from '@/shared/ui/fields/Segments';
import { TextFilter } from '@/shared/ui/fields/TextFilter';
import { type AlertFilter, STATUSES, type StatusFilter } from '../search';
import { STATUS_WORD } from '../words';

const LEVEL_OPTIONS = (['LOW', 'HIGH', 'CRITICAL'] as const).map((value) => ({
  value: value as RiskLevel,
  label:
    value === 'LOW' ? (
      'All levels'
    ) : (
      <>
        <LevelMark level={value} size={11} /> {LEVEL[value].word}
        {value === 'HIGH' && '+'}
      </>
    ),
}));

const WORD: Record<StatusFilter, string> = { unresolved: 'To do', ...STATUS_WORD, all: 'All' };

interface Props {
  filter: AlertFilter;
  onChange: (part: { [Key in keyof AlertFilter]?: AlertFilter[Key] | undefined }) => void;
}

export function AlertToolbar({ filter, onChange }: Props) {
  const { data: stats } = useAlertStats();
  const statuses = STATUSES.map((value) => ({
    value,
    label: (
      <>
        {WORD[value]}
        {stats && (value === 'open' || value === 'acknowledged') && (
          <span className="text-xs text-faint">{count(stats[value])}</span>
        )}
      </>
    ),
  }));
  return (
    <header className="flex shrink-0 items-center gap-2 overflow-x-auto border-b border-line px-4 py-2 sm:flex-wrap">
      <Segments
        label="Status"
        value={filter.status}
        options={statuses}
        onChange={(status) => onChange({ status })}
      />
      <Segments
        label="Lowest level"
        value={filter.level ?? 'LOW'}
        options={LEVEL_OPTIONS}
        onChange={(level) => onChange({ level: level === 'LOW' ? undefined : level })}
      />
      <TextFilter
        label="Account, exactly"
        placeholder="Account"
        value={filter.account ?? ''}
        onChange={(account) => onChange({ account: account || undefined })}
      />
    </header>
  );
}
