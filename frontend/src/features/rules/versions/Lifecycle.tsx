import type { RuleDetail, RuleStatus } from '@/shared/api/types';
import { RuleStatusName } from '../RuleStatusName';
import { STATUS_MEANING } from '../words';

const STEPS = ['draft', 'shadow', 'live'] as const satisfies readonly RuleStatus[];

/** From draft to live, with the versions that stand at each step. */
export function Lifecycle({ rule }: { rule: RuleDetail }) {
  if (rule.stage.archived) return <RuleStatusName status="archived" />;
  const at: Record<(typeof STEPS)[number], number | null | undefined> = {
    draft: rule.versions.find(({ version, status }) => version === rule.latest.version && status === 'draft')
      ?.version,
    shadow: rule.stage.shadow_version,
    live: rule.stage.live_version,
  };
  return (
    <ol aria-label="Life of the rule" className="flex flex-wrap items-center gap-y-2">
      {STEPS.map((step, i) => {
        const version = at[step];
        return (
          <li key={step} className="flex items-center" title={STATUS_MEANING[step]}>
            {i > 0 && <span aria-hidden="true" className="mx-1.5 h-px w-4 bg-control sm:w-7" />}
            <span
              aria-current={version ? 'step' : undefined}
              className={`flex items-center gap-2 rounded-sm border px-2.5 py-1 ${version ? 'border-accent bg-accent-wash' : 'border-dashed border-line'}`}
            >
              <RuleStatusName
                status={step}
                percent={step === 'live' && version ? rule.stage.percent : undefined}
              />
              {version && <span className="text-xs text-muted">v{version}</span>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
