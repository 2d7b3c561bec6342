import type { Action as Decided, RiskLevel } from '@/shared/api/types';
import { count } from '@/shared/format/number';
import { ACTION_OPTIONS } from '@/shared/risk/decisions/decisions';
import { LevelMark } from '@/shared/risk/scores/LevelMark';
import { LEVEL } from '@/shared/risk/scores/levels';
import { useConfiguration } from '@/shared/risk/useConfiguration';
import { Segments } from '@/shared/ui/fields/Segments';
import { Select } from '@/shared/ui/fields/Select';
import { TextFilter } from '@/shared/ui/fields/TextFilter';
import { type AlertFilter, type AlertSort, STATUSES, type StatusFilter } from '../search';
import { STATUS_WORD } from '../words';
import { useAlertCounts } from './useAlertCounts';

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

const DECISION_OPTIONS: { value: Decided | 'any'; label: string }[] = [
  { value: 'any', label: 'Any decision' },
  ...ACTION_OPTIONS,
];

const WORD: Record<StatusFilter, string> = { unresolved: 'To do', ...STATUS_WORD, all: 'All' };

/** Those with a number beside them; its room is there before it. */
const COUNTED: ReadonlySet<StatusFilter> = new Set(['unresolved', 'open', 'acknowledged']);

const ORDERS: Record<AlertSort, string> = {
  '-amount': 'Largest amount first',
  amount: 'Smallest amount first',
  country: 'By country',
  '-country': 'By country, from Z',
  counterparty_id: 'By counterparty',
  '-counterparty_id': 'By counterparty, from Z',
};

interface Props {
  filter: AlertFilter;
  onChange: (part: { [Key in keyof AlertFilter]?: AlertFilter[Key] | undefined }) => void;
}

export function AlertToolbar({ filter, onChange }: Props) {
  const { data: counts } = useAlertCounts(filter);
  const base = useConfiguration().data?.alert_policy.exchange.base;
  const counted: Partial<Record<StatusFilter, number>> = counts
    ? { unresolved: counts.open + counts.acknowledged, open: counts.open, acknowledged: counts.acknowledged }
    : {};
  const statuses = STATUSES.map((value) => {
    const number = counted[value];
    return {
      value,
      label: (
        <>
          {WORD[value]}
          {COUNTED.has(value) && (
            <span data-count={value} className="min-w-[1ch] text-xs text-faint">
              {number !== undefined && count(number)}
              {counts?.more && '+'}
            </span>
          )}
        </>
      ),
    };
  });
  const usual =
    filter.status === 'resolved' || filter.status === 'all' ? 'Newest first' : 'Most urgent first';
  const orders = [
    { value: 'usual', label: usual },
    ...Object.entries(ORDERS).map(([value, label]) => ({ value, label })),
  ];
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
      <Select
        label="Decision"
        value={filter.decision ?? 'any'}
        options={DECISION_OPTIONS}
        onChange={(decision) => onChange({ decision: decision === 'any' ? undefined : decision })}
      />
      <TextFilter
        label="Account, exactly"
        placeholder="Account"
        value={filter.account ?? ''}
        onChange={(account) => onChange({ account: account || undefined })}
        className="w-32"
      />
      <TextFilter
        label="Counterparty, exactly"
        placeholder="Counterparty"
        value={filter.counterparty ?? ''}
        onChange={(counterparty) => onChange({ counterparty: counterparty || undefined })}
        className="w-32"
      />
      <TextFilter
        label="Country, two letters"
        placeholder="Country"
        value={filter.country ?? ''}
        onChange={(country) => onChange({ country: country || undefined })}
        className="w-24"
      />
      <TextFilter
        label={`Lowest amount${base ? `, in ${base}` : ''}`}
        placeholder={`${base ?? 'Amount'} ≥`}
        type="number"
        value={filter.amount === undefined ? '' : String(filter.amount)}
        onChange={(amount) => onChange({ amount: amount === '' ? undefined : Number(amount) })}
        className="w-28"
      />
      <Select
        label="Order"
        value={filter.sort ?? 'usual'}
        options={orders}
        onChange={(sort) => onChange({ sort: sort === 'usual' ? undefined : (sort as AlertSort) })}
      />
    </header>
  );
}
