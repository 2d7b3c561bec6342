import type { PropsWithChildren } from 'react';
import type { ModelRole } from '@/shared/api/types';
import { count } from '@/shared/format/number';
import { Age } from '@/shared/time/Age';
import { decimal, share } from '../quality/figures';
import { RoleName } from './RoleName';
import { useModel } from './useModel';

const TASK: Record<ModelRole, string> = {
  champion: 'judges every event',
  challenger: 'scores the same events in its shadow',
};

interface Props {
  as: ModelRole;
  version: string | null | undefined;
}

/** One of the two in force: where it comes from, how good it was in training, what can be done with it. */
export function ScorerCard({ as: role, version, children }: PropsWithChildren<Props>) {
  const { data: model } = useModel(version ?? undefined);
  const judged = model?.period.judged;
  const simulated = model?.source?.startsWith('simulator');
  return (
    <article className="min-w-0 px-4 py-3">
      <p className="flex items-baseline gap-2">
        <RoleName role={role} /> <span className="text-xs text-faint">{TASK[role]}</span>
      </p>
      {version ? (
        <>
          <h2 className="mt-1 truncate font-mono text-md font-semibold" title={version}>
            {version}
          </h2>
          <p className="text-xs text-faint">
            {model?.created_at && model.created_by !== 'system' ? (
              <>
                Trained by {model.created_by} <Age at={model.created_at} suffix=" ago" />
              </>
            ) : (
              'Comes with the software'
            )}
            {judged &&
              `, judged on ${count(judged.events)} ${simulated ? 'simulated events of installations that it did not learn from' : 'events of its own history'}`}
          </p>
          {simulated && (
            <p className="mt-1 max-w-md text-xs text-muted">
              It has never seen a real payment: expect less of it than these figures say, and train on your
              own labels as soon as 50 frauds are reported.
            </p>
          )}
          {model && Object.keys(model.metrics).length > 0 && (
            <dl className="mt-2 flex flex-wrap gap-x-6 gap-y-1">
              <Metric name="AUC" value={decimal(model.metrics.auc)} />
              <Metric name="Average precision" value={decimal(model.metrics.average_precision)} />
              <Metric name="Brier" value={decimal(model.metrics.brier)} />
              <Metric name="Fraud" value={share(model.metrics.fraud_share)} />
            </dl>
          )}
          {model?.refused && (
            <p className="mt-2 text-critical">▲ It cannot score today’s events: {model.refused}</p>
          )}
          <div className="mt-2.5 flex flex-wrap gap-2 empty:hidden">{children}</div>
        </>
      ) : (
        <p className="mt-2 max-w-sm text-muted">
          Nobody challenges the champion. A version that is put here can be compared with it, and changes
          nothing.
        </p>
      )}
    </article>
  );
}

function Metric({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt className="text-xs text-faint">{name}</dt>
      <dd className="font-medium tabular-nums">{value}</dd>
    </div>
  );
}
