import type { RiskLevel } from '@/shared/api/types';
import { LevelName } from '@/shared/risk/scores/LevelMark';
import { LEVEL, LEVELS, LEVELS_DOWN } from '@/shared/risk/scores/levels';
import { NumberField } from '@/shared/ui/fields/NumberField';
import { Select } from '@/shared/ui/fields/Select';
import { type Policy, UNSOUND_EXCHANGE } from './draft';
import { GroupingFields } from './GroupingFields';
import { RatesFields } from './RatesFields';

const OPTIONS = LEVELS.map((value) => ({
  value,
  label: value === 'CRITICAL' ? 'Critical only' : `${LEVEL[value].word} and above`,
}));
const DEADLINES = ['acknowledge_minutes', 'resolve_minutes'] as const;

interface Props {
  policy: Policy;
  problem: string | null;
  readOnly: boolean;
  onChange: (policy: Policy) => void;
}

/** What raises an alert, and how soon people deal with it. */
export function PolicyFields({ policy, problem, readOnly, onChange }: Props) {
  const promised = policy.service_levels;
  const promise = (level: RiskLevel, name: (typeof DEADLINES)[number], minutes: number) => {
    if (!promised) return;
    const next = { ...promised, [level]: { ...promised[level], [name]: minutes } };
    onChange({ ...policy, service_levels: next });
  };
  return (
    <>
      <div className="flex items-center gap-3">
        <span className="text-muted">An alert is raised by</span>
        <Select
          label="What raises an alert"
          value={policy.min_level ?? 'HIGH'}
          options={OPTIONS}
          disabled={readOnly}
          onChange={(min_level) => onChange({ ...policy, min_level })}
        />
      </div>
      {promised && (
        <table className="mt-4">
          <caption className="pb-1 text-left text-muted">
            Deadlines, in minutes after it was opened or taken
          </caption>
          <thead className="text-left text-xs text-muted">
            <tr>
              <th scope="col" className="pr-8 font-medium">
                Level
              </th>
              <th scope="col" className="pr-4 font-medium">
                Acknowledged within
              </th>
              <th scope="col" className="font-medium">
                Resolved within
              </th>
            </tr>
          </thead>
          <tbody>
            {LEVELS_DOWN.map((level) => (
              <tr key={level}>
                <th scope="row" className="py-1 pr-8">
                  <LevelName level={level} />
                </th>
                {DEADLINES.map((name) => (
                  <td key={name} className="py-1 pr-4">
                    <NumberField
                      label={`${LEVEL[level].word}, ${name === 'acknowledge_minutes' ? 'acknowledged' : 'resolved'} within, minutes`}
                      step={1}
                      disabled={readOnly}
                      invalid={problem !== null && !(Number(promised[level]?.[name]) >= 1)}
                      value={promised[level]?.[name] ?? Number.NaN}
                      onChange={(minutes) => promise(level, name, minutes)}
                      className="w-24"
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {problem && (
        <p role="alert" className="mt-2 text-critical">
          {problem}
        </p>
      )}
      {policy.exchange && (
        <RatesFields
          exchange={policy.exchange}
          readOnly={readOnly}
          onChange={(exchange) => onChange({ ...policy, exchange: exchange ?? UNSOUND_EXCHANGE })}
        />
      )}
      {policy.grouping && (
        <GroupingFields
          grouping={policy.grouping}
          readOnly={readOnly}
          onChange={(grouping) => onChange({ ...policy, grouping })}
        />
      )}
    </>
  );
}
