import { Moment } from '@/shared/time/Moment';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { useStages } from './useStages';

/** What was in force when: who changed it and why. */
export function Stages() {
  const { data: stages, error, refetch } = useStages();
  return (
    <section aria-labelledby="stages" className="rounded-md border border-line bg-panel px-4 py-3">
      <h2 id="stages" className="mb-1 font-semibold">
        In force until now
      </h2>
      {!stages &&
        (error ? (
          <ProblemNotice error={error} onRetry={() => void refetch()} />
        ) : (
          <SkeletonLines lines={3} />
        ))}
      <ol>
        {stages?.map((stage) => (
          <li
            key={stage.number}
            className="grid grid-cols-[1fr_auto] gap-x-4 border-b border-line py-1.5 last:border-0"
          >
            <span className="min-w-0">
              <span className="block break-words">
                <span className="font-mono text-xs font-medium">{stage.champion}</span> judged
                {stage.challenger && (
                  <>
                    , <span className="font-mono text-xs font-medium">{stage.challenger}</span> in shadow
                  </>
                )}
              </span>
              <span className="text-muted">
                {stage.reason} <span className="text-faint">({stage.changed_by})</span>
              </span>
            </span>
            <span className="text-right text-xs">
              {stage.changed_at ? (
                <Moment at={stage.changed_at} />
              ) : (
                <span className="text-faint">at first</span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
