import { lazy, Suspense, useMemo, useState } from 'react';
import type { StoredEntry, StoredList } from '@/shared/api/types';
import { useMay } from '@/shared/session/useMay';
import { announce } from '@/shared/ui/notices/Announcer';
import { DataTable } from '@/shared/ui/table/DataTable';
import { EntriesEmpty } from './EntriesEmpty';
import { EntryCard } from './EntryCard';
import { EntryToolbar } from './EntryToolbar';
import { entryColumns } from './entryColumns';
import { useEntries } from './useEntries';
import { useRemoveEntry } from './useRemoveEntry';

const AddDialog = lazy(() => import('./AddDialog'));
const WhyDialog = lazy(() => import('@/shared/ui/dialogs/WhyDialog'));

interface Props {
  list: StoredList;
  text: string;
  onText: (text: string) => void;
}

/** What is on a list. */
export function EntryTable({ list, text, onText }: Props) {
  const mayWrite = useMay('lists:write');
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<StoredEntry | null>(null);
  const query = useEntries(list.name, text);
  const remove = useRemoveEntry(list.name);
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const columns = useMemo(() => entryColumns(mayWrite ? setLeaving : undefined), [mayWrite]);
  return (
    <>
      <EntryToolbar text={text} onText={onText} onAdd={mayWrite ? () => setAdding(true) : undefined} />
      <DataTable
        label={`Entries of ${list.name}, first added first`}
        columns={columns}
        rows={rows}
        rowId={(entry) => String(entry.id)}
        query={query}
        empty={<EntriesEmpty text={text} onReset={() => onText('')} />}
        card={(entry) => <EntryCard entry={entry} onRemove={mayWrite ? setLeaving : undefined} />}
      />
      <Suspense>
        {adding && <AddDialog list={list} onClose={() => setAdding(false)} />}
        {leaving && (
          <WhyDialog
            title={`Take ${leaving.value} off ${list.name}`}
            confirm="Take it off"
            busy={remove.isPending}
            error={remove.error}
            onConfirm={(reason) =>
              remove.mutate(
                { value: leaving.value, reason },
                {
                  onSuccess: () => {
                    announce(`${leaving.value} is off the list`);
                    setLeaving(null);
                  },
                },
              )
            }
            onClose={() => setLeaving(null)}
          >
            Rules that ask for it no longer find it, within a second.
          </WhyDialog>
        )}
      </Suspense>
    </>
  );
}
