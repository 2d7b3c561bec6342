import { lazy, Suspense, useCallback, useEffect } from 'react';
import { loadOutcomeBar } from './actions/loadOutcomeBar';
import { useAlertCommands } from './actions/useAlertCommands';
import { useAssignees } from './actions/useAssignees';
import { useReasons } from './actions/useReasons';
import { useTriage } from './actions/useTriage';
import { AlertList } from './list/AlertList';
import { useAlertList } from './list/useAlertList';
import { AlertPanel } from './panel/AlertPanel';
import { loadEvidence } from './panel/loadEvidence';
import { useAlertsSearch } from './useAlertsSearch';

const ResolveDialog = lazy(() => import('./actions/ResolveDialog'));
const AssignDialog = lazy(() => import('./actions/AssignDialog'));
const SnoozeDialog = lazy(() => import('./actions/SnoozeDialog'));

export function AlertsScreen() {
  const search = useAlertsSearch();
  const { selected, change } = search;
  const list = useAlertList(search.filter);
  const triage = useTriage(list, search);
  const close = useCallback(() => change({ alert: undefined }), [change]);
  useAlertCommands(triage, close, list.show);
  useEffect(() => {
    for (const load of [loadEvidence, loadOutcomeBar]) load().catch(() => undefined);
  }, []);
  // Before they are needed: keys typed without looking go through them.
  useReasons();
  useAssignees(triage.mayAct);

  return (
    <div className="flex h-full gap-4 p-3 sm:p-4">
      <title>Alerts · Risk</title>
      <h1 className="sr-only">Alerts</h1>
      <AlertList list={list} search={search} triage={triage} />
      {selected && (
        <AlertPanel
          triage={triage}
          onAccount={(account) => search.show({ status: 'all', account })}
          onSelect={(alert) => change({ alert })}
          onClose={close}
        />
      )}
      <Suspense>
        {triage.dialog === 'resolve' && (
          <ResolveDialog alerts={triage.targets} onResolve={triage.resolve} onClose={triage.cancel} />
        )}
        {triage.dialog === 'assign' && (
          <AssignDialog
            alerts={triage.targets}
            me={triage.me}
            onAssign={triage.assign}
            onClose={triage.cancel}
          />
        )}
        {triage.dialog === 'snooze' && (
          <SnoozeDialog alerts={triage.targets} onSnooze={triage.snooze} onClose={triage.cancel} />
        )}
      </Suspense>
    </div>
  );
}
