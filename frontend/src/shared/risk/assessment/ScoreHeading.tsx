import type { AssessmentSummary } from '@/shared/api/types';
import { score } from '@/shared/format/number';
import { DecisionTag } from '../decisions/DecisionTag';
import { LevelName } from '../scores/LevelMark';
import { LEVEL } from '../scores/levels';
import { RiskScale } from '../scores/RiskScale';

/** The verdict: number, word, and where it lies between the thresholds. */
export function ScoreHeading({ assessment }: { assessment: AssessmentSummary }) {
  return (
    <div className="pb-4">
      <div className="mb-2 flex items-baseline gap-3">
        <span className={`text-4xl font-semibold tracking-tight ${LEVEL[assessment.level].text}`}>
          {score(assessment.score)}
        </span>
        <span className="text-md">
          <LevelName level={assessment.level} strong />
        </span>
        {assessment.decision && <DecisionTag action={assessment.decision.action} />}
      </div>
      {assessment.decision && (
        <p className="mb-2 text-xs text-muted">
          Decided by {assessment.decision.because} (policy version {assessment.decision.policy_version})
        </p>
      )}
      <RiskScale score={assessment.score} level={assessment.level} />
    </div>
  );
}
