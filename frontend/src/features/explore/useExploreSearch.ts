import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { type ExploreFilter, type ExploreSearch, readExploreSearch } from './search';

export type Change = { [Key in keyof ExploreSearch]?: ExploreSearch[Key] | undefined };

/** The screen's address as a filter and a selection, and a way to change parts of it. */
export function useExploreSearch() {
  const { event, sort, ...filter } = useSearch({ from: '/shell/explore' });
  const navigate = useNavigate();
  const change = useCallback(
    (part: Change) => {
      void navigate({
        to: '/explore',
        replace: true,
        search: (before) => readExploreSearch({ ...before, ...part }),
      });
    },
    [navigate],
  );
  return { filter: filter as ExploreFilter, selected: event, sort, change };
}
