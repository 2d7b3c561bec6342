import type { StageChange } from '@/shared/api/types';
import { Moment } from '@/shared/time/Moment';

function words({ stage }: StageChange): string {
  if (stage.archived) return 'Archived';
  const parts = [
    stage.live_version && `v${stage.live_version} live at ${stage.percent} %`,
    stage.shadow_version && `v${stage.shadow_version} in shadow`,
  ].filter(Boolean);
  return parts.join(', ') || 'Draft';
}

/** Where the rule stood, newest first: who moved it, when and why. */
export function StageHistory({ stages }: { stages: readonly StageChange[] }) {
  return (
    <section aria-label="Stages">
      <h3 className="mb-1 font-semibold">Stages</h3>
      <ol>
        {stages.map((each) => (
          <li
            key={each.number}
            className="grid grid-cols-[1fr_auto] gap-x-4 border-b border-line py-1.5 last:border-0"
          >
            <span>
              <span className="block font-medium">{words(each)}</span>
              <span className="text-muted">
                {each.reason} <span className="text-faint">({each.changed_by})</span>
              </span>
            </span>
            <span className="text-right text-xs">
              <Moment at={each.changed_at} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
