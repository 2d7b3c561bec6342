import Button from '@mui/material/Button';
import type { Alert } from '@/shared/api/types';
import { AssessmentView } from '@/shared/risk/AssessmentView';
import { Notice } from '@/shared/ui/Notice';
import { Section } from '@/shared/ui/Section';
import { SidePanel } from '@/shared/ui/SidePanel';
import { AlertActions } from './AlertActions';
import { AlertFacts } from './AlertFacts';
import type { useTriage } from './useTriage';

interface Props {
  alert: Alert | undefined;
  triage: ReturnType<typeof useTriage>;
  onAccount: (account: string) => void;
  onAll: () => void;
  onClose: () => void;
}

/** The alert that the address names: its riskiest event and why, what it gathers, what can be done. */
export function AlertPanel({ alert, triage, onAccount, onAll, onClose }: Props) {
  if (!alert) {
    return (
      <SidePanel title="Alert" onClose={onClose}>
        <Notice
          title="This alert is not in the list"
          action={
            <Button variant="outlined" onClick={onAll}>
              Show all alerts
            </Button>
          }
        >
          It may have another status than is listed, or be further down.
        </Notice>
      </SidePanel>
    );
  }
  const actions = triage.mayAct && alert.status !== 'resolved' && (
    <AlertActions
      alert={alert}
      busy={triage.busy}
      error={triage.refusal}
      onAcknowledge={triage.acknowledge}
      onResolve={triage.askToResolve}
    />
  );
  return (
    <SidePanel title={`Alert on ${alert.account_id}`} onClose={onClose} footer={actions}>
      <AssessmentView key={alert.top_event_id} eventId={alert.top_event_id}>
        <Section title="Alert">
          <AlertFacts alert={alert} onAccount={onAccount} />
        </Section>
      </AssessmentView>
    </SidePanel>
  );
}
