import Button from '@mui/material/Button';
import { useState } from 'react';
import { useMay } from '@/shared/session/useMay';
import { Age } from '@/shared/time/Age';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { useInForce } from './useInForce';
import { ChangeDialog } from './versions/ChangeDialog';
import { Comparison } from './versions/Comparison';
import { ScorerCard } from './versions/ScorerCard';
import { useComparison } from './versions/useComparison';
import type { Wanted } from './wanted';

/** Champion and challenger side by side. */
export function InForce() {
  const { data: now, error, refetch } = useInForce();
  const comparison = useComparison(now?.champion, now?.challenger);
  const mayPromote = useMay('models:promote');
  const [wanted, setWanted] = useState<Wanted | null>(null);
  if (!now) {
    return (
      <section aria-label="In force" className="rounded-md border border-line bg-panel p-4">
        {error ? <ProblemNotice error={error} onRetry={() => void refetch()} /> : <SkeletonLines lines={4} />}
      </section>
    );
  }
  return (
    <section aria-label="In force" className="rounded-md border border-line bg-panel">
      <div className="grid divide-line max-md:divide-y md:grid-cols-2 md:divide-x">
        <ScorerCard as="champion" version={now.champion}>
          {mayPromote && now.back_to != null && (
            <Button color="inherit" onClick={() => setWanted({ to: 'back' })}>
              Undo last change…
            </Button>
          )}
        </ScorerCard>
        <ScorerCard as="challenger" version={now.challenger}>
          {mayPromote && now.challenger && (
            <>
              <Button
                variant="contained"
                onClick={() => setWanted({ to: 'champion', version: now.challenger ?? '' })}
              >
                Let it judge…
              </Button>
              <Button color="inherit" onClick={() => setWanted({ to: 'withdrawn' })}>
                Withdraw…
              </Button>
            </>
          )}
        </ScorerCard>
      </div>
      {now.challenger && <Comparison query={comparison} />}
      {now.changed_at && (
        <p className="border-t border-line px-4 py-2 text-xs text-faint">
          Since <Age at={now.changed_at} suffix="" />, by {now.changed_by}: {now.reason}
        </p>
      )}
      {wanted && <ChangeDialog wanted={wanted} onClose={() => setWanted(null)} />}
    </section>
  );
}
