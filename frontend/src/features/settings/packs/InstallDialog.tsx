import { useEffect, useState } from 'react';
import type { PackSummary } from '@/shared/packs/usePacks';
import { ConfirmDialog } from '@/shared/ui/dialogs/ConfirmDialog';
import { Select } from '@/shared/ui/fields/Select';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { OutcomeList } from './OutcomeList';
import { type PackOutcome, type RuleTarget, usePackActions } from './usePackActions';

const TARGETS: { value: RuleTarget; label: string }[] = [
  { value: 'draft', label: 'Drafts' },
  { value: 'shadow', label: 'In shadow: they count hits and change nothing' },
  { value: 'live', label: 'Live' },
];

interface Props {
  pack: PackSummary;
  onClose: () => void;
  onDone: (outcome: PackOutcome) => void;
}

/** Says what installing a pack would change, and does it. */
export function InstallDialog({ pack, onClose, onDone }: Props) {
  const [rules, setRules] = useState<RuleTarget>('shadow');
  const { install: trial } = usePackActions();
  const { install } = usePackActions();
  const { mutate: attempt } = trial;
  useEffect(() => attempt({ name: pack.name, rules, tried: true }), [attempt, pack.name, rules]);
  return (
    <ConfirmDialog
      title={`Install the pack ${pack.title}`}
      action="Install"
      busy={install.isPending}
      error={install.error ?? trial.error}
      disabled={trial.data === undefined}
      onClose={onClose}
      onConfirm={() => install.mutate({ name: pack.name, rules, tried: false }, { onSuccess: onDone })}
    >
      <div>
        <p className="mb-1 font-medium">Its rules go</p>
        <Select label="Its rules go" value={rules} options={TARGETS} onChange={setRules} />
      </div>
      {trial.data ? <OutcomeList outcome={trial.data} /> : !trial.error && <SkeletonLines lines={4} />}
    </ConfirmDialog>
  );
}
