import { useState } from 'react';
import { plural } from '@/shared/format/number';
import { Notice } from '@/shared/ui/notices/Notice';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { DriftCourse } from './DriftCourse';
import { DriftTable } from './DriftTable';
import { ScoreShift } from './ScoreShift';
import { useDrift } from './useDrift';

/** How far events have moved from those that the champion was trained on. */
export default function DriftTab({ days }: { days: number }) {
  const hours = days * 24;
  const { data: drift, error, refetch } = useDrift(hours);
  const [picked, setPicked] = useState<string | null>(null);
  if (!drift)
    return error ? (
      <ProblemNotice error={error} onRetry={() => void refetch()} />
    ) : (
      <SkeletonLines lines={8} />
    );
  if (drift.features.length === 0) {
    return (
      <section className="rounded-md border border-line bg-panel">
        <Notice title="There is no drift to show">
          {drift.score === null
            ? `${drift.scorer} brought no reference of how its events were distributed.`
            : 'No event has been counted in this time.'}
        </Notice>
      </section>
    );
  }
  const feature = picked ?? drift.features[0]?.feature ?? '';
  return (
    <div className="grid items-start gap-3 sm:gap-4 lg:grid-cols-2">
      <section
        aria-labelledby="drift-features"
        className="overflow-hidden rounded-md border border-line bg-panel"
      >
        <header className="flex flex-wrap items-baseline gap-x-3 border-b border-line px-4 py-2.5">
          <h2 id="drift-features" className="font-semibold">
            Features <span className="font-normal text-faint">population stability index</span>
          </h2>
          <span className="ml-auto text-xs text-faint">{plural(drift.events, 'event')}</span>
        </header>
        <DriftTable features={drift.features} picked={feature} onPick={setPicked} />
      </section>
      <div className="flex min-w-0 flex-col gap-3 sm:gap-4">
        <DriftCourse feature={feature} hours={hours} />
        {drift.score && <ScoreShift score={drift.score} />}
      </div>
    </div>
  );
}
