import Button from '@mui/material/Button';
import { useMutation } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import { useCloseKey } from '@/shared/commands/useCloseKey';
import { count } from '@/shared/format/number';
import { DateAndTime } from '@/shared/time/Moment';
import { Icon } from '@/shared/ui/Icon';
import { Notice } from '@/shared/ui/notices/Notice';
import { Refused } from '@/shared/ui/notices/Refused';
import { RefreshButton } from '@/shared/ui/RefreshButton';
import { ColumnButton } from '@/shared/ui/table/ColumnButton';
import { DataTable } from '@/shared/ui/table/DataTable';
import { useColumnChoice } from '@/shared/ui/table/useColumnChoice';
import { COLUMNS, LetterState } from './columns';
import { exportLetters } from './exportLetters';
import { LettersToolbar } from './LettersToolbar';
import { useDeadLetterSearch } from './useDeadLetterSearch';
import { useDeadLetters } from './useDeadLetters';

const LetterPanel = lazy(() => import('./LetterPanel'));
const NO_FILTER = { status: undefined, reason: undefined, from: undefined };

/** The list, and the one that is worked on beside it. */
export function Letters() {
  const { filter, selected, change } = useDeadLetterSearch();
  const letters = useDeadLetters(filter);
  const rows = useMemo(() => letters.data?.pages.flatMap((page) => page.items) ?? [], [letters.data]);
  const choice = useColumnChoice('dead-letters', COLUMNS);
  const saving = useMutation({ mutationFn: () => exportLetters(filter) });
  const clear = () => change(NO_FILTER);
  const close = () => change({ letter: undefined });
  useCloseKey('Dead letters', selected !== undefined, close);
  const filtered = Object.keys(filter).length > 0;
  const empty = filtered ? (
    <Notice
      title="No dead letter matches these filters"
      action={
        <Button variant="outlined" onClick={clear}>
          Clear the filters
        </Button>
      }
    />
  ) : (
    <Notice title="No dead letters are open">
      Every record that came could be scored, or was worked off.
    </Notice>
  );
  return (
    <div className="flex h-full gap-4 p-3 sm:p-4">
      <section
        aria-label="Dead letters"
        className="flex min-h-0 min-w-0 flex-1 flex-col overflow-hidden rounded-md border border-line bg-panel"
      >
        <h1 className="sr-only">Dead letters</h1>
        <LettersToolbar filter={filter} onChange={change} onClear={clear}>
          <RefreshButton query={letters} />
          <ColumnButton columns={COLUMNS} choice={choice} />
          <Button
            variant="outlined"
            color="inherit"
            loading={saving.isPending}
            loadingPosition="start"
            startIcon={<Icon name="download" size={14} />}
            onClick={() => saving.mutate()}
          >
            Export
          </Button>
        </LettersToolbar>
        <Refused error={saving.error} />
        <DataTable
          label="Dead letters, newest first"
          columns={COLUMNS}
          rows={rows}
          rowId={(row) => String(row.number)}
          query={letters}
          empty={empty}
          card={(row) => (
            <span className="block">
              <span className="flex items-center gap-2">
                <span className="truncate font-medium">
                  {row.reason}
                  {row.field && ` · ${row.field}`}
                </span>
                <LetterState of={row} />
                <span className="ml-auto text-xs text-faint">{count(row.number)}</span>
              </span>
              <span className="block truncate text-muted">{row.detail}</span>
              <span className="block text-xs text-faint">
                <DateAndTime at={row.received_at} zoned />
              </span>
            </span>
          )}
          choice={choice}
          selected={selected === undefined ? undefined : String(selected)}
          onSelect={(number) => change({ letter: Number(number) })}
        />
      </section>
      {selected !== undefined && (
        <Suspense>
          <LetterPanel key={selected} number={selected} onClose={close} />
        </Suspense>
      )}
    </div>
  );
}
