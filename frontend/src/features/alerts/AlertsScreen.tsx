import { lazy, Suspense } from 'react';
import { useStore } from '@/shared/store';
import { useStream } from '@/shared/stream/StreamProvider';
import { useKeys } from '@/shared/ui/useKeys';
import { AlertList } from './AlertList';
import { AlertPanel } from './AlertPanel';
import { useAlertList } from './useAlertList';
import { useAlertsSearch } from './useAlertsSearch';
import { useTriage } from './useTriage';

const ResolveDialog = lazy(() => import('./ResolveDialog'));

export function AlertsScreen() {
  const search = useAlertsSearch();
  const { filter, selected, change } = search;
  const list = useAlertList(filter);
  const updates = useStore(useStream().alerts);
  const position = list.alerts.findIndex((alert) => alert.id === selected);
  const alert = list.alerts[position] ?? (selected ? updates.get(selected) : undefined);

  const move = (step: number): void => {
    const next = list.alerts[Math.max(0, Math.min(list.alerts.length - 1, position + step))];
    if (next) change({ alert: next.id });
  };
  const onResolved = (id: string): void => {
    if (id !== selected) return;
    const next = list.alerts.slice(position + 1).find((each) => each.status !== 'resolved');
    if (next) change({ alert: next.id });
  };
  const triage = useTriage(alert, onResolved);
  const close = () => change({ alert: undefined });
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    a: triage.acknowledge,
    r: triage.askToResolve,
    escape: close,
  });

  return (
    <div className="flex h-full gap-4 p-3 sm:p-4">
      <title>Alerts · Risk</title>
      <h1 className="sr-only">Alerts</h1>
      <AlertList list={list} search={search} onMove={move} />
      {selected && !list.isPending && (
        <AlertPanel
          alert={alert}
          triage={triage}
          onAccount={(account) => change({ account, status: 'all' })}
          onAll={() => change({ status: 'all', level: undefined })}
          onClose={close}
        />
      )}
      {alert && triage.resolving && (
        <Suspense>
          <ResolveDialog alert={alert} onResolve={triage.resolve} onClose={triage.cancel} />
        </Suspense>
      )}
    </div>
  );
}
