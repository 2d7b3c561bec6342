import Button from '@mui/material/Button';
import { plural } from '@/shared/format/number';
import { NewPill } from '@/shared/ui/NewPill';
import { ProblemNotice } from '@/shared/ui/ProblemNotice';
import { SkeletonLines } from '@/shared/ui/SkeletonLines';
import { AlertGrid } from './AlertGrid';
import { AlertsEmpty } from './AlertsEmpty';
import { AlertToolbar } from './AlertToolbar';
import { ShortcutHelp } from './ShortcutHelp';
import { usePendingActions } from './useAlertAction';
import type { useAlertList } from './useAlertList';
import type { useAlertsSearch } from './useAlertsSearch';

interface Props {
  list: ReturnType<typeof useAlertList>;
  search: ReturnType<typeof useAlertsSearch>;
  onMove: (step: number) => void;
}

export function AlertList({ list, search, onMove }: Props) {
  const { filter, selected, change } = search;
  const pending = usePendingActions();
  const empty = list.alerts.length === 0;
  return (
    <section
      aria-label="Alerts"
      className="flex min-w-0 flex-1 flex-col overflow-hidden rounded-md border border-line bg-panel"
    >
      <AlertToolbar filter={filter} onChange={change} />
      <div className="relative flex min-h-0 flex-1 flex-col">
        {list.arrivals > 0 && (
          <NewPill onShow={() => void list.refetch()}>{plural(list.arrivals, 'new alert')}</NewPill>
        )}
        {list.isPending && (
          <div className="px-4 py-2">
            <SkeletonLines lines={8} />
          </div>
        )}
        {list.error && empty && <ProblemNotice error={list.error} onRetry={() => void list.refetch()} />}
        {list.isSuccess && empty && (
          <AlertsEmpty
            filter={filter}
            onReset={() => change({ status: 'all', level: undefined, account: undefined })}
          />
        )}
        {!empty && (
          <AlertGrid
            alerts={list.alerts}
            selected={selected}
            pending={pending}
            onSelect={(id) => change({ alert: id })}
            onMove={onMove}
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
      <ShortcutHelp />
    </section>
  );
}
