import { NumberField } from '@/shared/ui/fields/NumberField';
import { Select } from '@/shared/ui/fields/Select';
import { isDays, isWindow, type Policy } from './draft';

type Grouping = NonNullable<Policy['grouping']>;
type Key = NonNullable<Grouping['key']>;

const KEYS: { value: Key; label: string }[] = [
  { value: 'account', label: 'Account' },
  { value: 'device', label: 'Device' },
  { value: 'counterparty', label: 'Counterparty' },
  { value: 'rule', label: 'Rule' },
];
const SUPPRESSION = [
  ['confirmed_risk_days', 'confirmed risk'],
  ['false_positive_days', 'a false positive'],
  ['inconclusive_days', 'inconclusive'],
] as const;

interface Props {
  grouping: Grouping;
  readOnly: boolean;
  onChange: (grouping: Grouping) => void;
}

/** What belongs to one alert, and for how long a disposition keeps the same finding away. */
export function GroupingFields({ grouping, readOnly, onChange }: Props) {
  return (
    <fieldset className="mt-4 flex flex-col gap-2" disabled={readOnly}>
      <legend className="pb-1 text-muted">What is one alert</legend>
      <div className="flex flex-wrap items-center gap-3">
        <span>Risky events of the same</span>
        <Select
          label="What the events of one alert share"
          value={grouping.key ?? 'account'}
          options={KEYS}
          disabled={readOnly}
          onChange={(key) => onChange({ ...grouping, key })}
        />
        <span className="flex items-center gap-2">
          until it has had none for
          <NumberField
            label="Hours without an event after which an alert takes no more"
            value={(grouping.window_minutes ?? Number.NaN) / 60}
            step={1}
            disabled={readOnly}
            invalid={!isWindow(grouping.window_minutes)}
            className="w-24"
            onChange={(hours) => onChange({ ...grouping, window_minutes: hours * 60 })}
          />
          hours
        </span>
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <span>The same finding raises none again, for days after</span>
        {SUPPRESSION.map(([name, words]) => (
          <span key={name} className="flex items-center gap-2">
            {words}
            <NumberField
              label={`Days of suppression after ${words}`}
              value={grouping.suppression?.[name] ?? 0}
              step={1}
              disabled={readOnly}
              invalid={!isDays(grouping.suppression?.[name])}
              className="w-24"
              onChange={(days) =>
                onChange({
                  ...grouping,
                  suppression: { ...grouping.suppression, [name]: days } as Grouping['suppression'],
                })
              }
            />
          </span>
        ))}
      </div>
    </fieldset>
  );
}
