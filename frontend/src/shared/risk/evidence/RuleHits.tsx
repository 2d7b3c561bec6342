import type { AssessmentDetail, RuleReading } from '@/shared/api/types';
import { measure, twoPlaces } from '@/shared/format/number';
import { eventRef } from '@/shared/risk/eventRef';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { LEVEL } from '../scores/levels';
import { light, unlight } from '../scores/lit';
import { useRuleHits } from './useEvidence';

/** The rules that hit an event; pointing at one lights up what it reads. */
export function RuleHits({ assessment }: { assessment: AssessmentDetail }) {
  const { data, error, refetch } = useRuleHits(eventRef(assessment));
  if (error) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonLines lines={2} />;
  if (data.items.length === 0) return <p className="text-muted">No rule hit this event.</p>;
  return (
    <ul className="flex flex-col gap-2">
      {data.items.map((rule) => (
        <Rule key={`${rule.rule_id} ${rule.version}`} rule={rule} assessment={assessment} />
      ))}
    </ul>
  );
}

function effect({ mode, points, min_level }: RuleReading): string {
  if (mode === 'shadow') return 'in shadow: changed nothing';
  if (min_level) return `at least ${LEVEL[min_level].word}`;
  return `${(points ?? 0) > 0 ? '+' : ''}${twoPlaces(points ?? 0)} log-odds`;
}

function Rule({ rule, assessment }: { rule: RuleReading; assessment: AssessmentDetail }) {
  const on = () => light(rule.event_fields, rule.features);
  return (
    <li
      tabIndex={0}
      data-rule={rule.name}
      onMouseEnter={on}
      onMouseLeave={unlight}
      onFocus={on}
      onBlur={unlight}
      className="rounded-sm border border-line px-3 py-2 hover:border-accent focus-visible:border-accent"
    >
      <span className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="font-medium">
          {rule.name} <span className="font-normal text-faint">v{rule.version}</span>
        </span>
        <span className={rule.mode === 'shadow' ? 'text-faint' : 'text-muted tabular-nums'}>
          {effect(rule)}
        </span>
      </span>
      {rule.description && <p className="text-muted">{rule.description}</p>}
      <code className="mt-1 block font-mono text-2xs break-words text-muted">{rule.expression}</code>
      <p className="mt-1.5 flex flex-wrap gap-1 text-xs">
        <span className="text-faint">reads</span>
        {reads(rule, assessment).map(({ name, value }) => (
          <span key={name} className="rounded-xs bg-sunken px-1.5">
            {name} {value && <span className="font-medium">{value}</span>}
          </span>
        ))}
      </p>
    </li>
  );
}

/** What a rule reads, with the values that it read. */
function reads(rule: RuleReading, assessment: AssessmentDetail): { name: string; value: string }[] {
  const event = assessment as unknown as Record<string, unknown>;
  const features = new Map(assessment.features.map(({ name, value }) => [name, value]));
  const shown = (value: unknown) =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return [
    ...rule.event_fields.map((name) => ({ name, value: shown(event[name]) })),
    ...rule.features.map((name) => {
      const value = features.get(name);
      return { name, value: value == null ? '' : measure(value) };
    }),
    ...rule.lists.map((name) => ({ name: `list ${name}`, value: '' })),
  ];
}
