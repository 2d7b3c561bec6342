import { count } from '@/shared/format/number';
import { EffectName } from '../EffectName';
import { RuleStatusName } from '../RuleStatusName';
import { share } from '../words';
import type { RuleRow } from './rows';

/** A rule on a phone. */
export function RuleCard({ rule, hits, precision }: RuleRow) {
  return (
    <>
      <span className="flex items-center justify-between gap-3">
        <span className="truncate font-mono text-xs font-medium">{rule.name}</span>
        <RuleStatusName status={rule.status} percent={rule.stage.percent} suspended={rule.suspended} />
      </span>
      <span className="mt-0.5 flex items-center gap-3 text-muted">
        <EffectName effect={rule.latest} />
        <span className="ml-auto">{hits === null ? '–' : count(hits)} hits</span>
        <span>{precision === null ? 'no labels' : `${share(precision)} precise`}</span>
      </span>
    </>
  );
}
