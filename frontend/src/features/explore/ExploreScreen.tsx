import { useMemo } from 'react';
import { saveExport } from '@/shared/api/download';
import { useCloseKey } from '@/shared/commands/useCloseKey';
import { AssessmentCard } from '@/shared/risk/assessment/AssessmentCard';
import { AssessmentPanel } from '@/shared/risk/assessment/AssessmentPanel';
import { ASSESSMENT_COLUMNS } from '@/shared/risk/assessment/assessmentColumns';
import { eventRef } from '@/shared/risk/eventRef';
import { ORDERS, toOrder, toSort, useHistory } from '@/shared/risk/useHistory';
import { ExportButton } from '@/shared/ui/export/ExportButton';
import { RefreshButton } from '@/shared/ui/RefreshButton';
import { ColumnButton } from '@/shared/ui/table/ColumnButton';
import { DataTable } from '@/shared/ui/table/DataTable';
import { useColumnChoice } from '@/shared/ui/table/useColumnChoice';
import { ExploreEmpty } from './ExploreEmpty';
import { ExploreToolbar } from './ExploreToolbar';
import { historyQuery } from './search';
import { useExploreSearch } from './useExploreSearch';

const NO_FILTER = {
  level: undefined,
  type: undefined,
  account: undefined,
  counterparty: undefined,
  score: undefined,
  span: undefined,
  from: undefined,
  to: undefined,
};

/** Every assessment there is, narrowed by what the address says. */
export function ExploreScreen() {
  const { filter, selected, sort, change } = useExploreSearch();
  const history = useHistory(filter, () => historyQuery(filter, Date.now()), sort);
  const rows = useMemo(() => history.data?.pages.flatMap((page) => page.items) ?? [], [history.data]);
  const choice = useColumnChoice('explore', ASSESSMENT_COLUMNS);
  const clear = () => change(NO_FILTER);
  const close = () => change({ event: undefined });
  useCloseKey('Explore', selected !== undefined, close);
  return (
    <div className="flex h-full gap-4 p-3 sm:p-4">
      <title>Explore · Risk</title>
      <h1 className="sr-only">Explore</h1>
      <section
        aria-label="Assessments"
        className="flex min-w-0 flex-1 flex-col overflow-hidden rounded-md border border-line bg-panel"
      >
        <ExploreToolbar filter={filter} sort={sort} onChange={change} onClear={clear}>
          <RefreshButton query={history} />
          <ColumnButton columns={ASSESSMENT_COLUMNS} choice={choice} />
          <ExportButton
            save={(format) =>
              saveExport('/api/v1/risk/history/export', { ...historyQuery(filter, Date.now()), format })
            }
          />
        </ExploreToolbar>
        <DataTable
          label={`Assessments, ${ORDERS[sort ?? '-scored_at']}`}
          columns={ASSESSMENT_COLUMNS}
          rows={rows}
          rowId={eventRef}
          query={history}
          empty={<ExploreEmpty filtered={Object.keys(filter).length > 0} onClear={clear} />}
          card={(row) => <AssessmentCard assessment={row} />}
          choice={choice}
          sort={toSort(sort)}
          onSort={(next) => change({ sort: toOrder(next) })}
          selected={selected}
          onSelect={(event) => change({ event })}
        />
      </section>
      {selected && (
        <AssessmentPanel
          eventId={selected}
          summary={rows.find((row) => eventRef(row) === selected)}
          onClose={close}
        />
      )}
    </div>
  );
}
