import Button from '@mui/material/Button';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { asProblem } from '@/shared/api/problem';
import { useCloseKey } from '@/shared/commands/useCloseKey';
import { AssessmentPanel } from '@/shared/risk/assessment/AssessmentPanel';
import { Notice } from '@/shared/ui/notices/Notice';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { EntityActions } from './actions/EntityActions';
import { PartyFacts } from './PartyFacts';
import { useActivity } from './useActivity';
import { nameOf, type PartyKind } from './words';

const PartyBody = lazy(() => import('./PartyBody'));

interface Props {
  kind: PartyKind;
  id: string;
  selected: string | undefined;
  onSelect: (eventId: string | undefined) => void;
}

/** One entity: who it is, how its scores and amounts went, its alerts, whom it meets, what it shares; and acting on it. */
export function PartyPage({ kind, id, selected, onSelect }: Props) {
  const activity = useActivity(kind, id);
  const close = () => onSelect(undefined);
  useCloseKey(nameOf(kind), selected !== undefined, close);
  return (
    <div className="flex h-full gap-4 p-3 sm:p-4">
      <title>{`${id} · Risk`}</title>
      <div className="min-w-0 flex-1 overflow-y-auto" data-party={id}>
        <p className="text-faint">{nameOf(kind)}</p>
        <div className="mb-3 flex flex-wrap items-start gap-x-4 gap-y-2">
          <h1 className="text-lg font-semibold tracking-tight break-all">{id}</h1>
          <EntityActions kind={kind} id={id} />
        </div>
        {activity.isPending && <SkeletonLines lines={10} />}
        {activity.error && <NoActivity kind={kind} query={activity} />}
        {activity.data && (
          <div className="flex flex-col gap-3 pb-4 sm:gap-4">
            <PartyFacts activity={activity.data} />
            <Suspense fallback={<SkeletonLines lines={8} />}>
              <PartyBody kind={kind} activity={activity.data} selected={selected} onSelect={onSelect} />
            </Suspense>
          </div>
        )}
      </div>
      {selected && <AssessmentPanel eventId={selected} onClose={close} />}
    </div>
  );
}

function NoActivity({ kind, query }: { kind: PartyKind; query: { error: unknown; refetch: () => unknown } }) {
  if (asProblem(query.error).status !== 404) {
    return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  }
  return (
    <Notice
      title={`Nothing is known of this ${nameOf(kind).toLowerCase()}`}
      action={
        <Button variant="outlined" component={Link} to="/explore">
          Explore all events
        </Button>
      }
    >
      None of its events is scored. An id has to be given exactly, upper and lower case included.
    </Notice>
  );
}
