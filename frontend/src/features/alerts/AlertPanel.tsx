import { AssessmentView } from '@/shared/risk/AssessmentView';
import { ProblemNotice } from '@/shared/ui/ProblemNotice';
import { Section } from '@/shared/ui/Section';
import { SidePanel } from '@/shared/ui/SidePanel';
import { SkeletonLines } from '@/shared/ui/SkeletonLines';
import { AlertActions } from './AlertActions';
import { AlertFacts } from './AlertFacts';
import type { Triage } from './useTriage';

interface Props {
  triage: Triage;
  onAccount: (account: string) => void;
  onSelect: (alert: string) => void;
  onClose: () => void;
}

/** The alert that the address names: its riskiest event and why, what it gathers, what can be done. */
export function AlertPanel({ triage, onAccount, onClose }: Props) {
  const { alert, detail } = triage;
  if (!alert) {
    return (
      <SidePanel title="Alert" onClose={onClose}>
        {detail.error ? (
          <ProblemNotice error={detail.error} onRetry={() => void detail.refetch()} />
        ) : (
          <SkeletonLines lines={9} />
        )}
      </SidePanel>
    );
  }
  return (
    <SidePanel
      title={`Alert on ${alert.account_id}`}
      onClose={onClose}
      footer={triage.mayAct && <AlertActions triage={triage} />}
    >
      <AssessmentView key={alert.top_event_id} eventId={alert.top_event_id}>
        <Section title="Alert">
          <AlertFacts alert={alert} onAccount={onAccount} />
        </Section>
      </AssessmentView>
    </SidePanel>
  );
}
