import { useState } from 'react';
import { asProblem } from '@/shared/api/problem';
import type { RiskLevel, Webhook } from '@/shared/api/types';
import { ConfirmDialog } from '@/shared/ui/dialogs/ConfirmDialog';
import { FilterFields, readFilter } from './FilterFields';
import type { useWebhookActions } from './useWebhookActions';

interface Props {
  webhook: Webhook;
  change: ReturnType<typeof useWebhookActions>['change'];
  onClose: () => void;
}

/** Asks of which alerts a receiver is told from now on. */
export function FilterDialog({ webhook, change, onClose }: Props) {
  const [level, setLevel] = useState<RiskLevel>(webhook.filter.min_level ?? 'LOW');
  const problem = change.error && asProblem(change.error);
  return (
    <ConfirmDialog
      title={`Alerts that ${webhook.name} is told of`}
      action="Save"
      busy={change.isPending}
      error={change.error}
      onClose={onClose}
      onConfirm={(form) => change.mutate({ filter: readFilter(form, level) }, { onSuccess: onClose })}
    >
      <FilterFields
        filter={webhook.filter}
        level={level}
        onLevel={setLevel}
        error={(field) => problem?.field(field)}
      />
    </ConfirmDialog>
  );
}
