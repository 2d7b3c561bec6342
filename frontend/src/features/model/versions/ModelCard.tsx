import type { ModelSummary } from '@/shared/api/types';
import { decimal } from '../quality/figures';
import type { Wanted } from '../wanted';
import { PromoteButtons } from './PromoteButtons';
import { RoleName } from './RoleName';

interface Props {
  model: ModelSummary;
  onWant: ((wanted: Wanted) => void) | undefined;
}

/** A version on a phone. */
export function ModelCard({ model, onWant }: Props) {
  return (
    <>
      <span className="flex items-center justify-between gap-3">
        <span className="truncate font-mono text-xs font-medium">{model.version}</span>
        {model.role && <RoleName role={model.role} />}
      </span>
      <span className="flex items-center justify-between gap-3 text-muted">
        <span>
          AUC {decimal(model.metrics.auc)}, Brier {decimal(model.metrics.brier)}
        </span>
        {onWant && <PromoteButtons model={model} onWant={onWant} />}
      </span>
    </>
  );
}
