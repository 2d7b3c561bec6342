import Button from '@mui/material/Button';
import { lazy, Suspense, useState } from 'react';
import type { AssessmentDetail, AssessmentSummary } from '@/shared/api/types';
import { useMayAct } from '@/shared/session/useMayAct';
import { Moment } from '@/shared/time/Moment';
import { Refused } from '@/shared/ui/notices/Refused';
import { eventRef } from '../eventRef';
import { DECISION } from './decisions';
import { useOverturn } from './useOverturn';

const OverturnDialog = lazy(() => import('./OverturnDialog'));

/** By what was decided, who overturned it and why, and for who may, the way to do so and back. */
export function DecisionLine({ assessment }: { assessment: AssessmentSummary & Partial<AssessmentDetail> }) {
  const { decision, overturn: holding, overturns = [] } = assessment;
  const { overturn, restore } = useOverturn(eventRef(assessment));
  const [asking, setAsking] = useState(false);
  const mayAct = useMayAct();
  if (!decision) return null;
  const close = () => {
    setAsking(false);
    overturn.reset();
  };
  return (
    <div className="mb-2 text-xs text-muted">
      <p>
        Decided by {decision.because} (policy version {decision.policy_version})
        {mayAct && !holding && (
          <Button size="small" onClick={() => setAsking(true)}>
            Overturn…
          </Button>
        )}
      </p>
      <ul>
        {(overturns.length > 0 ? overturns : holding ? [holding] : []).map((one) => (
          <li key={one.id}>
            {DECISION[one.decided].word} overturned to {DECISION[one.action].word} by {one.made_by},{' '}
            <Moment at={one.made_at} />: {one.reason}
            {one.undone_at && (
              <>
                {' '}
                · undone by {one.undone_by}, <Moment at={one.undone_at} />
              </>
            )}
            {mayAct && !one.undone_at && (
              <Button size="small" disabled={restore.isPending} onClick={() => restore.mutate()}>
                Undo
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Refused error={restore.error} />
      {asking && (
        <Suspense>
          <OverturnDialog
            decided={decision.action}
            busy={overturn.isPending}
            error={overturn.error}
            onConfirm={(action, reason) => overturn.mutate({ action, reason }, { onSuccess: close })}
            onClose={close}
          />
        </Suspense>
      )}
    </div>
  );
}
