import type { Alert, AssessmentDetail } from '@/shared/api/types';
import { FactCard } from '@/shared/risk/assessment/FactCard';
import { ScoreHeading } from '@/shared/risk/assessment/ScoreHeading';
import { usePendingActions } from '../actions/useDesk';
import { DueTime } from '../list/DueTime';
import { StatusName } from '../list/StatusName';
import { person } from '../words';

interface Props {
  alert: Alert;
  assessment: AssessmentDetail | undefined;
  me: string | null;
}

/** The verdict, and where the alert stands: what one needs to know before reading on. */
export function AlertHead({ alert, assessment, me }: Props) {
  const pending = usePendingActions().get(alert.id);
  return (
    <>
      {assessment && <ScoreHeading assessment={assessment} />}
      {assessment && <FactCard assessment={assessment} />}
      <p className="-mt-1 mb-4 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-sm bg-canvas px-3 py-2">
        <StatusName alert={alert} pending={pending} />
        <DueTime alert={alert} long />
        <span className="ml-auto text-muted" title={alert.assignee ?? undefined}>
          {alert.assignee ? `Assigned to ${person(alert.assignee, me)}` : 'Unassigned'}
        </span>
      </p>
    </>
  );
}
