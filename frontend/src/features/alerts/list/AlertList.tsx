import Button from '@mui/material/Button';
import { lazy, Suspense } from 'react';
import { plural } from '@/shared/format/number';
import { NewPill } from '@/shared/ui/notices/NewPill';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { loadOutcomeBar } from '../actions/loadOutcomeBar';
import { usePendingActions } from '../actions/useDesk';
import type { Triage } from '../actions/useTriage';
import type { useAlertsSearch } from '../useAlertsSearch';
import { AlertGrid } from './AlertGrid';
import { AlertToolbar } from './AlertToolbar';
import { KeyBar } from './KeyBar';
import type { useAlertList } from './useAlertList';
import { ViewBar } from './ViewBar';

const AlertsEmpty = lazy(() => import('./AlertsEmpty'));
const OutcomeBar = lazy(loadOutcomeBar);
const BulkBar = lazy(() => import('./BulkBar'));

interface Props {
  list: ReturnType<typeof useAlertList>;
  search: ReturnType<typeof useAlertsSearch>;
  triage: Triage;
}

/** The queue, and what is said and done about it. Nothing here moves a row that is shown. */
export function AlertList({ list, search, triage }: Props) {
  const { filter, selected, change, show } = search;
  const pending = usePendingActions();
  const empty = list.alerts.length === 0;
  return (
    <section
      aria-label="Alerts"
      className="flex min-w-0 flex-1 flex-col overflow-hidden rounded-md border border-line bg-panel"
    >
      <ViewBar filter={filter} onShow={show} />
      <AlertToolbar filter={filter} onChange={change} />
      <div className="relative flex min-h-0 flex-1 flex-col">
        {list.arrivals > 0 && <NewPill onShow={list.show}>{plural(list.arrivals, 'new alert')}</NewPill>}
        {list.isPending && (
          <div className="px-4 py-2">
            <SkeletonLines lines={8} />
          </div>
        )}
        {list.error && empty && <ProblemNotice error={list.error} onRetry={() => void list.refetch()} />}
        <Suspense>{list.isSuccess && empty && <AlertsEmpty filter={filter} onShow={show} />}</Suspense>
        {!empty && (
          <AlertGrid
            alerts={list.alerts}
            filter={filter}
            me={triage.me}
            selected={selected}
            pending={pending}
            ticks={triage.mayAct ? triage.ticks : null}
            onSelect={(id) => change({ alert: id })}
            onSort={(sort) => change({ sort })}
            onMove={triage.move}
          >
            {list.hasNextPage && (
              <div className="grid place-items-center py-3">
                <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                  Load more
                </Button>
              </div>
            )}
          </AlertGrid>
        )}
      </div>
      <Suspense>
        {triage.desk.outcome && <OutcomeBar desk={triage.desk} onShow={(id) => change({ alert: id })} />}
      </Suspense>
      <Suspense>{triage.ticks.checked.size > 0 && <BulkBar triage={triage} />}</Suspense>
      <KeyBar mayAct={triage.mayAct} />
    </section>
  );
}
