import { useState } from 'react';
import { Age } from '@/shared/time/Age';
import { Notice } from '@/shared/ui/notices/Notice';
import { MoreRows, NoRows } from '@/shared/ui/table/TableState';
import { Pane } from '../Pane';
import { DropZone } from './DropZone';
import { ImportCard } from './ImportCard';
import { useImports } from './useImports';
import { STATUS } from './words';

/** Somebody's own history: uploaded, mapped, loaded, taken back. */
export default function ImportSection() {
  const query = useImports();
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const [picked, setPicked] = useState<number>();
  const shown = picked ?? items.find(({ status }) => status !== 'undone')?.id;
  return (
    <Pane
      title="Import"
      about="Your own history, or labels of events: profiles learn of it. It raises no alerts, and can be taken back whole."
    >
      <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto sm:gap-4">
        <DropZone onDone={setPicked} />
        {shown !== undefined && <ImportCard key={shown} id={shown} />}
        <section aria-label="All imports" className="rounded-md border border-line bg-panel">
          {items.length === 0 ? (
            <NoRows
              query={query}
              empty={<Notice title="Nothing was imported yet">What you upload is listed here.</Notice>}
            />
          ) : (
            <ul>
              {items.map((each) => (
                <li key={each.id}>
                  <button
                    type="button"
                    aria-current={each.id === shown ? 'true' : undefined}
                    onClick={() => setPicked(each.id)}
                    className="flex w-full flex-wrap items-baseline gap-x-4 border-b border-line px-4 py-2 text-left -outline-offset-2 hover:bg-hover aria-current:bg-selected"
                  >
                    <span className="min-w-0 truncate font-medium">{each.name}</span>
                    <span className="text-muted">{STATUS[each.status]}</span>
                    <span className="ml-auto text-xs text-faint">
                      <Age at={each.created_at} suffix=" ago" /> by {each.created_by}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          )}
          <MoreRows query={query} />
        </section>
      </div>
    </Pane>
  );
}
