import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { Pane } from '../Pane';
import { PolicyEditor } from './PolicyEditor';
import { PolicyVersions } from './PolicyVersions';
import { usePolicy } from './usePolicy';

/** What is decided of events: the policy in force, what another would do, and its versions. */
export default function DecisionsSection() {
  const { data, error, refetch } = usePolicy();
  return (
    <Pane
      title="Decisions"
      about="The first rule that matches an event decides what its sender is told; where none does, the fallback. Changes are in force within a second; what was decided stays."
    >
      {error && !data && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {!error && !data && <SkeletonLines lines={5} />}
      {data && (
        <div className="min-h-0 flex-1 overflow-y-auto">
          <PolicyEditor key={data.inForce.version} inForce={data.inForce} tag={data.tag} />
          <PolicyVersions present={data.inForce.version} tag={data.tag} />
        </div>
      )}
    </Pane>
  );
}
