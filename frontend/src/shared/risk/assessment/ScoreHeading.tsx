import type { AssessmentDetail, AssessmentSummary } from '@/shared/api/types';
import { score } from '@/shared/format/number';
import { DecisionLine } from '../decisions/DecisionLine';
import { DecisionTag } from '../decisions/DecisionTag';
import { LevelName } from '../scores/LevelMark';
import { LEVEL } from '../scores/levels';
import { RiskScale } from '../scores/RiskScale';

/** The verdict: number, word, and where it lies between the thresholds. */
export function ScoreHeading({ assessment }: { assessment: AssessmentSummary & Partial<AssessmentDetail> }) {
  return (
    <div className="pb-4">
      <div className="mb-2 flex items-baseline gap-3">
        <span className={`text-4xl font-semibold tracking-tight ${LEVEL[assessment.level].text}`}>
          {score(assessment.score)}
        </span>
        <span className="text-md">
          <LevelName level={assessment.level} strong />
        </span>
        {assessment.decision && (
          <DecisionTag action={assessment.decision.action} overturn={assessment.overturn} />
        )}
      </div>
      <DecisionLine assessment={assessment} />
      <RiskScale score={assessment.score} level={assessment.level} />
    </div>
  );
}
