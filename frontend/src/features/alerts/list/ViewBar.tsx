import IconButton from '@mui/material/IconButton';
import { lazy, Suspense, useState } from 'react';
import { Icon } from '@/shared/ui/Icon';
import type { AlertFilter } from '../search';
import { useViews } from './useViews';
import { sameFilter, VIEWS, type View } from './views';

const SaveView = lazy(() => import('./SaveView'));

interface Props {
  filter: AlertFilter;
  onShow: (filter: Partial<AlertFilter>) => void;
}

/** The ways to look at alerts: those that everybody has, and one's own. */
export function ViewBar({ filter, onShow }: Props) {
  const own = useViews();
  const [naming, setNaming] = useState(false);
  const known = [...VIEWS, ...own.views].some((view) => sameFilter(view.filter, filter));
  return (
    <nav
      aria-label="Views"
      className="flex h-10 shrink-0 items-stretch gap-0.5 overflow-x-auto border-b border-line px-2"
    >
      {VIEWS.map((view) => (
        <ViewTab key={view.name} view={view} filter={filter} onShow={onShow} />
      ))}
      {own.views.length > 0 && <span aria-hidden="true" className="mx-1 my-2.5 w-px bg-line" />}
      {own.views.map((view) => (
        <span key={view.name} className="flex shrink-0 items-center">
          <ViewTab view={view} filter={filter} onShow={onShow} />
          {sameFilter(view.filter, filter) && (
            <IconButton aria-label={`Forget view ${view.name}`} onClick={() => own.remove(view.name)}>
              <Icon name="close" size={11} />
            </IconButton>
          )}
        </span>
      ))}
      {naming ? (
        <Suspense>
          <SaveView
            onSave={(name) => {
              own.save({ name, filter });
              setNaming(false);
            }}
            onCancel={() => setNaming(false)}
          />
        </Suspense>
      ) : (
        !known && (
          <button
            type="button"
            className="flex shrink-0 items-center gap-1.5 px-2.5 text-accent"
            onClick={() => setNaming(true)}
          >
            <Icon name="plus" size={12} /> Save view
          </button>
        )
      )}
    </nav>
  );
}

function ViewTab({ view, filter, onShow }: { view: View } & Props) {
  return (
    <button
      type="button"
      aria-current={sameFilter(view.filter, filter) ? 'true' : undefined}
      onClick={() => onShow(view.filter)}
      className="relative h-full shrink-0 px-2.5 font-medium text-muted -outline-offset-2 hover:text-strong aria-[current]:text-strong aria-[current]:after:absolute aria-[current]:after:inset-x-2.5 aria-[current]:after:bottom-0 aria-[current]:after:h-0.5 aria-[current]:after:bg-accent"
    >
      {view.name}
    </button>
  );
}
