import type { RiskLevel, WebhookFilter } from '@/shared/api/types';
import { LEVEL, LEVELS } from '@/shared/risk/scores/levels';
import { useConfiguration } from '@/shared/risk/useConfiguration';
import { Field } from '@/shared/ui/fields/Field';
import { Select } from '@/shared/ui/fields/Select';

const words = (text: FormDataEntryValue | null): string[] => [
  ...new Set(
    String(text ?? '')
      .split(/[\s,;]+/)
      .filter(Boolean),
  ),
];

/** What the fields below say, as the API takes it. */
export function readFilter(form: FormData, level: RiskLevel): WebhookFilter {
  const amount = String(form.get('min_amount') ?? '').trim();
  return {
    min_level: level === 'LOW' ? null : level,
    event_types: words(form.get('event_types')),
    countries: words(form.get('countries')).map((code) => code.toUpperCase()),
    min_amount: amount === '' ? null : Number(amount),
  };
}

/** A filter in words: `High and above, in DE or AT, from 1000 EUR`. */
export function filterWords(filter: WebhookFilter, base: string): string {
  const parts = [
    filter.min_level && filter.min_level !== 'LOW' ? `${LEVEL[filter.min_level].word} and above` : null,
    filter.event_types?.length ? filter.event_types.join(' or ') : null,
    filter.countries?.length ? `in ${filter.countries.join(' or ')}` : null,
    filter.min_amount == null ? null : `from ${filter.min_amount} ${base}`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : 'All alerts';
}

interface Props {
  filter: WebhookFilter;
  level: RiskLevel;
  onLevel: (level: RiskLevel) => void;
  error: (field: string) => string | undefined;
}

/** Of which alerts a receiver is told. */
export function FilterFields({ filter, level, onLevel, error }: Props) {
  const base = useConfiguration().data?.alert_policy.exchange.base ?? 'the reporting currency';
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-1.5 font-medium">Of which alerts</legend>
      <div className="flex items-center gap-3">
        <span aria-hidden="true">Lowest level</span>
        <Select
          label="Lowest level"
          value={level}
          options={LEVELS.map((value) => ({ value, label: LEVEL[value].word }))}
          onChange={onLevel}
        />
      </div>
      <Field
        name="event_types"
        label="Types of event (optional)"
        defaultValue={filter.event_types?.join(', ') ?? ''}
        help="Such as payment, login; none for all"
        error={error('event_types')}
      />
      <Field
        name="countries"
        label="Countries (optional)"
        defaultValue={filter.countries?.join(', ') ?? ''}
        help="Such as DE, AT; none for all"
        error={error('countries')}
      />
      <Field
        name="min_amount"
        label={`Least amount, in ${base} (optional)`}
        type="number"
        defaultValue={filter.min_amount == null ? '' : String(filter.min_amount)}
        error={error('min_amount')}
      />
    </fieldset>
  );
}
