import Button from '@mui/material/Button';
import { lazy, Suspense, useMemo, useState } from 'react';
import { saveExport } from '@/shared/api/download';
import { useCloseKey } from '@/shared/commands/useCloseKey';
import { useMay } from '@/shared/session/useMay';
import { useMe } from '@/shared/session/useMe';
import { DateAndTime } from '@/shared/time/Moment';
import { ExportButton } from '@/shared/ui/export/ExportButton';
import { Notice } from '@/shared/ui/notices/Notice';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { RefreshButton } from '@/shared/ui/RefreshButton';
import { ColumnButton } from '@/shared/ui/table/ColumnButton';
import { DataTable } from '@/shared/ui/table/DataTable';
import { useColumnChoice } from '@/shared/ui/table/useColumnChoice';
import { AuditToolbar } from './AuditToolbar';
import { auditColumns, Outcome } from './columns';
import { useAuditLog } from './useAuditLog';
import { useAuditSearch } from './useAuditSearch';
import { useNames } from './useNames';
import { inWords } from './words';

const Integrity = lazy(() => import('./verification/Integrity'));
const EraseDialog = lazy(() => import('./record/EraseDialog'));
const RecordPanel = lazy(() => import('./record/RecordPanel'));

const NO_FILTER = {
  actor: undefined,
  action: undefined,
  subject: undefined,
  outcome: undefined,
  from: undefined,
  to: undefined,
};

/** What everyone did, and whether the log of it is still what it was. */
export function AuditScreen() {
  const me = useMe();
  const may = useMay('audit:read');
  return (
    <>
      <title>Audit · Risk</title>
      {may ? (
        <Log />
      ) : me.isPending ? (
        <div className="p-4">
          <SkeletonLines lines={8} />
        </div>
      ) : (
        <div className="grid h-full place-items-center">
          <Notice page alert title="Your role does not allow this">
            The audit log is for administrators. You are signed in as {me.data?.email}, {me.data?.role}.
          </Notice>
        </div>
      )}
    </>
  );
}

function Log() {
  const { filter, selected, change } = useAuditSearch();
  const log = useAuditLog(filter);
  const rows = useMemo(() => log.data?.pages.flatMap((page) => page.items) ?? [], [log.data]);
  const nameOf = useNames();
  const columns = useMemo(() => auditColumns(nameOf), [nameOf]);
  const choice = useColumnChoice('audit', columns);
  const mayErase = useMay('audit:erase');
  /** What is to be erased: empty, if that is still to be said. */
  const [erasing, setErasing] = useState<string>();
  const clear = () => change(NO_FILTER);
  const close = () => change({ record: undefined });
  useCloseKey('Audit', selected !== undefined, close);
  return (
    <div className="flex h-full gap-4 p-3 sm:p-4">
      <div className="flex min-w-0 flex-1 flex-col gap-3 sm:gap-4">
        <h1 className="sr-only">Audit</h1>
        <Suspense fallback={<div className="h-[62px] shrink-0 rounded-md border border-line bg-panel" />}>
          <Integrity onErase={mayErase ? () => setErasing('') : undefined} />
        </Suspense>
        <section
          aria-label="Records"
          className="flex min-h-0 flex-1 flex-col overflow-hidden rounded-md border border-line bg-panel"
        >
          <AuditToolbar filter={filter} onChange={change} onClear={clear}>
            <RefreshButton query={log} />
            <ColumnButton columns={columns} choice={choice} />
            <ExportButton save={(format) => saveExport('/api/v1/audit/logs/export', { ...filter, format })} />
          </AuditToolbar>
          <DataTable
            label="Records, newest first"
            columns={columns}
            rows={rows}
            rowId={(row) => String(row.seq)}
            query={log}
            empty={
              <Notice
                title="No record matches these filters"
                action={
                  <Button variant="outlined" onClick={clear}>
                    Clear the filters
                  </Button>
                }
              >
                Who and on what have to be given exactly.
              </Notice>
            }
            card={(row) => (
              <span className="block">
                <span className="flex items-center gap-2">
                  <span className="truncate font-medium">{inWords(row.action)}</span> <Outcome of={row} />
                  <span className="ml-auto text-xs text-faint">{row.seq}</span>
                </span>
                <span className="block truncate text-muted">
                  {nameOf(row.actor)} · {row.subject}
                </span>
                <span className="block text-xs text-faint">
                  <DateAndTime at={row.at} zoned />
                </span>
              </span>
            )}
            choice={choice}
            selected={selected === undefined ? undefined : String(selected)}
            onSelect={(seq) => change({ record: Number(seq) })}
          />
        </section>
      </div>
      {selected !== undefined && (
        <Suspense>
          <RecordPanel
            key={selected}
            seq={selected}
            record={rows.find((row) => row.seq === selected)}
            nameOf={nameOf}
            onErase={mayErase ? setErasing : undefined}
            onClose={close}
          />
        </Suspense>
      )}
      {erasing !== undefined && (
        <Suspense>
          <EraseDialog value={erasing} onClose={() => setErasing(undefined)} />
        </Suspense>
      )}
    </div>
  );
}
