import type { ComponentProps } from 'react';
import { AccountTimeline } from '@/shared/risk/AccountTimeline';
import { AmountBaseline } from '@/shared/risk/amounts/AmountBaseline';
import { AssessmentFacts } from '@/shared/risk/assessment/AssessmentFacts';
import { FeatureTable } from '@/shared/risk/assessment/FeatureTable';
import { useAssessment } from '@/shared/risk/assessment/useAssessment';
import { RelatedGraph } from '@/shared/risk/connections/RelatedGraph';
import { eventRef } from '@/shared/risk/eventRef';
import { ReasonList } from '@/shared/risk/evidence/ReasonList';
import { RuleHits } from '@/shared/risk/evidence/RuleHits';
import { Waterfall } from '@/shared/risk/evidence/Waterfall';
import { ExplanationView } from '@/shared/risk/explanation/Explanation';
import { useMayAct } from '@/shared/session/useMayAct';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { Section } from '@/shared/ui/panels/Section';
import { AlertHead } from './AlertHead';
import { AlertRecord } from './AlertRecord';
import { EvidenceWaiting } from './EvidenceWaiting';

/**
 * Why: reasons first, then what they rest on, the raw data, and the record last: shown before the evidence stands, it
 * would be pushed away under the reader's eyes.
 */
export default function AlertEvidence(props: ComponentProps<typeof AlertRecord>) {
  const { alert, detail, me } = props;
  const eventId = eventRef({ event_id: alert.top_event_id, event_source: alert.top_event_source });
  const { data, error, refetch } = useAssessment(eventId);
  const mayAct = useMayAct();
  const events = new Set([eventId, ...(detail?.events ?? []).map(eventRef)]);
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
      <AlertRecord {...props} />
    </>
  );
}
