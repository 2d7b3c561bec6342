import { lazy, Suspense } from 'react';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { SidePanel } from '@/shared/ui/panels/SidePanel';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import type { Triage } from '../actions/useTriage';
import { alertName } from '../words';
import { AlertActions } from './AlertActions';
import { EvidenceWaiting } from './EvidenceWaiting';
import { loadEvidence } from './loadEvidence';

const AlertEvidence = lazy(loadEvidence);

interface Props {
  triage: Triage;
  onAccount: (account: string) => void;
  onSelect: (alert: string) => void;
  onClose: () => void;
}

/** The alert that the address names: why, what is known around it, what was done, what can be done. */
export function AlertPanel({ triage, onAccount, onSelect, onClose }: Props) {
  const { alert, detail } = triage;
  if (!alert) {
    return (
      <SidePanel title="Alert" onClose={onClose} wide>
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
      title={`Alert on ${alertName(alert)}`}
      onClose={onClose}
      wide
      footer={triage.mayAct && <AlertActions triage={triage} />}
    >
      <Suspense fallback={<EvidenceWaiting />}>
        <AlertEvidence
          key={alert.id}
          alert={alert}
          detail={detail.data}
          me={triage.me}
          onNote={triage.mayAct ? triage.note : undefined}
          onAccount={onAccount}
          onSelect={onSelect}
        />
      </Suspense>
    </SidePanel>
  );
}
