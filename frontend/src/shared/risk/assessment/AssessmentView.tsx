import type { ReactNode } from 'react';
import type { AssessmentSummary } from '@/shared/api/types';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { Section } from '@/shared/ui/panels/Section';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { ReasonList } from '../evidence/ReasonList';
import { AssessmentFacts } from './AssessmentFacts';
import { FeatureTable } from './FeatureTable';
import { ScoreHeading } from './ScoreHeading';
import { useAssessment } from './useAssessment';

interface Props {
  eventId: string;
  /** What is known already; shown until the rest arrives. */
  summary?: AssessmentSummary | undefined;
  /** Between the reasons and the raw data. */
  children?: ReactNode;
}

/** One assessment in full: score, reasons, event, features, in that order. */
export function AssessmentView({ eventId, summary, children }: Props) {
  const { data, error, refetch } = useAssessment(eventId);
  const known = data ?? summary;
  if (!known) {
    return (
      <>
        {error ? <ProblemNotice error={error} onRetry={() => void refetch()} /> : <SkeletonLines lines={9} />}
        {children}
      </>
    );
  }
  return (
    <>
      <ScoreHeading assessment={known} />
      <Section title="Why">
        <ReasonList reasons={known.reasons} />
      </Section>
      {children}
      <Section title="Event">
        <AssessmentFacts assessment={known} />
      </Section>
      <Section title="Features">
        {data ? <FeatureTable features={data.features} /> : <SkeletonLines lines={5} />}
        {error && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      </Section>
    </>
  );
}
