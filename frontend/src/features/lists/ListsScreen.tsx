import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useLists } from '@/shared/lists/useLists';
import { useWide } from '@/shared/ui/useWide';
import { ListIndex } from './ListIndex';
import { ListPane } from './ListPane';
import { type ListsSearch, readListsSearch } from './search';

/** All lists, and beside them what is on one. Where it is narrow, one after the other. */
export function ListsScreen() {
  const { list, text = '' } = useSearch({ from: '/shell/lists' });
  const navigate = useNavigate();
  const wide = useWide();
  const query = useLists();
  const lists = query.data?.pages.flatMap((page) => page.items) ?? [];
  const change = useCallback(
    (part: { [Key in keyof ListsSearch]: ListsSearch[Key] | undefined }) =>
      void navigate({
        to: '/lists',
        replace: true,
        search: (before) => readListsSearch({ ...before, ...part }),
      }),
    [navigate],
  );
  const shown = list ?? (wide ? lists[0]?.name : undefined);
  return (
    <div className="flex h-full gap-4 p-3 sm:p-4">
      <title>Lists · Risk</title>
      <h1 className="sr-only">Lists</h1>
      {(wide || !shown) && (
        <ListIndex
          query={query}
          lists={lists}
          shown={shown}
          onPick={(name) => change({ list: name, text: undefined })}
        />
      )}
      {shown && (
        <ListPane
          key={shown}
          name={shown}
          text={text}
          onText={(found) => change({ text: found })}
          onClose={wide ? undefined : () => change({ list: undefined })}
          onGone={() => change({ list: undefined, text: undefined })}
        />
      )}
    </div>
  );
}
