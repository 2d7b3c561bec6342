import Button from '@mui/material/Button';
import { lazy, Suspense, useState } from 'react';
import type { StoredList } from '@/shared/api/types';
import { plural } from '@/shared/format/number';
import { useMay } from '@/shared/session/useMay';
import { Icon } from '@/shared/ui/Icon';
import { Notice } from '@/shared/ui/notices/Notice';
import { MoreRows, NoRows, type TableQuery } from '@/shared/ui/table/TableState';
import { PurposeName } from './PurposeName';
import { subjectOf } from './words';

const ListDialog = lazy(() => import('./ListDialog'));

interface Props {
  query: TableQuery;
  lists: readonly StoredList[];
  shown: string | undefined;
  onPick: (name: string) => void;
}

/** The lists by name. */
export function ListIndex({ query, lists, shown, onPick }: Props) {
  const mayManage = useMay('lists:manage');
  const [making, setMaking] = useState(false);
  return (
    <section
      aria-label="All lists"
      className="flex min-w-0 flex-1 flex-col overflow-hidden rounded-md border border-line bg-panel min-[1100px]:w-[340px] min-[1100px]:flex-none"
    >
      <header className="flex h-11 shrink-0 items-center justify-between border-b border-line pr-2 pl-4">
        <h2 className="font-semibold">Lists</h2>
        {mayManage && (
          <Button startIcon={<Icon name="plus" size={13} />} onClick={() => setMaking(true)}>
            New list
          </Button>
        )}
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {lists.length === 0 ? (
          <NoRows
            query={query}
            empty={
              <Notice title="There are no lists yet">
                A list holds accounts, devices, addresses or others that rules ask for. By itself it does
                nothing.
              </Notice>
            }
          />
        ) : (
          <ul>
            {lists.map((list) => (
              <li key={list.name}>
                <button
                  type="button"
                  aria-current={list.name === shown ? 'true' : undefined}
                  onClick={() => onPick(list.name)}
                  className="w-full border-b border-line px-4 py-2.5 text-left -outline-offset-2 hover:bg-hover aria-current:bg-selected aria-current:shadow-[inset_2px_0_0] aria-current:shadow-accent"
                >
                  <span className="flex items-center justify-between gap-3">
                    <span className="truncate font-mono text-xs font-medium">{list.name}</span>
                    <PurposeName purpose={list.purpose} />
                  </span>
                  <span className="flex justify-between gap-3 text-muted">
                    <span>{subjectOf(list.subject)?.word}</span>
                    <span className="text-faint">{plural(list.entries, 'entry', 'entries')}</span>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        )}
        <MoreRows query={query} />
      </div>
      {making && (
        <Suspense>
          <ListDialog
            list={null}
            etag={null}
            onDone={(name) => {
              setMaking(false);
              onPick(name);
            }}
            onClose={() => setMaking(false)}
          />
        </Suspense>
      )}
    </section>
  );
}
