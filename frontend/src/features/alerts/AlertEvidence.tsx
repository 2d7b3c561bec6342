import type { ReactNode } from 'react';
import type { Alert, AlertDetail } from '@/shared/api/types';
import { AccountTimeline } from '@/shared/risk/AccountTimeline';
import { AmountBaseline } from '@/shared/risk/AmountBaseline';
import { AssessmentFacts } from '@/shared/risk/AssessmentFacts';
import { ExplanationView } from '@/shared/risk/explanation/Explanation';
import { FeatureTable } from '@/shared/risk/FeatureTable';
import { ReasonList } from '@/shared/risk/ReasonList';
import { RelatedGraph } from '@/shared/risk/RelatedGraph';
import { RuleHits } from '@/shared/risk/RuleHits';
import { useAssessment } from '@/shared/risk/useAssessment';
import { Waterfall } from '@/shared/risk/Waterfall';
import { useMayAct } from '@/shared/session/useMayAct';
import { ProblemNotice } from '@/shared/ui/ProblemNotice';
import { Section } from '@/shared/ui/Section';
import { AlertHead } from './AlertHead';
import { EvidenceWaiting } from './EvidenceWaiting';

interface Props {
  alert: Alert;
  detail: AlertDetail | undefined;
  me: string | null;
  /** What follows once the evidence stands: shown before, it would be pushed away under the reader's eyes. */
  children: ReactNode;
}

/** Why: reasons first, then what they rest on, the raw data last. */
export default function AlertEvidence({ alert, detail, me, children }: Props) {
  const eventId = alert.top_event_id;
  const { data, error, refetch } = useAssessment(eventId);
  const mayAct = useMayAct();
  const events = new Set([eventId, ...(detail?.events ?? []).map((each) => each.event_id)]);
  if (!data && !error) return <EvidenceWaiting />;
  return (
    <>
      <AlertHead alert={alert} assessment={data} me={me} />
      {error && !data && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {data && (
        <>
          <Section title="Why">
            <ReasonList reasons={data.reasons} />
            {data.amount != null && (
              <div className="mt-4">
                <AmountBaseline assessment={data} />
              </div>
            )}
          </Section>
          {mayAct && (
            <Section title="In words">
              <ExplanationView key={eventId} eventId={eventId} />
            </Section>
          )}
          <Section title="How the score came about">
            <Waterfall eventId={eventId} />
          </Section>
          <Section title="Rules">
            <RuleHits assessment={data} />
          </Section>
          <Section title="Event">
            <AssessmentFacts assessment={data} />
          </Section>
        </>
      )}
      <Section title="The account">
        <div className="flex flex-col gap-5">
          <AccountTimeline account={alert.account_id} events={events} />
          <RelatedGraph alertId={alert.id} />
        </div>
      </Section>
      {data && (
        <Section title="Features">
          <FeatureTable features={data.features} />
        </Section>
      )}
      {children}
    </>
  );
}
