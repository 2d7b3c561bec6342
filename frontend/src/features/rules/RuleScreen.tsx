import { useParams } from '@tanstack/react-router';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { RuleHeader } from './RuleHeader';
import { RuleWorkbench } from './RuleWorkbench';
import { useRule } from './useRule';

/** One rule: where it stands, what it says, and what it does. */
export function RuleScreen() {
  const { ruleId } = useParams({ from: '/shell/rules/$ruleId' });
  const { data: tagged, error, refetch } = useRule(ruleId);
  return (
    <div className="h-full overflow-y-auto p-3 sm:p-4">
      <title>{tagged ? `${tagged.data.name} · Risk` : 'Rule · Risk'}</title>
      {!tagged && !error && <SkeletonLines lines={10} />}
      {!tagged && error && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {tagged && (
        <div className="flex flex-col gap-3 sm:gap-4">
          <RuleHeader {...tagged} />
          <RuleWorkbench key={tagged.data.id} rule={tagged.data} />
        </div>
      )}
    </div>
  );
}
