import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { LiveSearch } from './search';

/** The screen's address, and a way to change parts of it (undefined takes a part out). */
export function useLiveSearch() {
  const search = useSearch({ from: '/shell/live' });
  const navigate = useNavigate();
  const change = useCallback(
    (part: { [Key in keyof LiveSearch]?: LiveSearch[Key] | undefined }) => {
      void navigate({
        to: '/live',
        replace: true,
        search: (before) => {
          const next = { ...before, ...part };
          return Object.fromEntries(
            Object.entries(next).filter(([, value]) => value !== undefined),
          ) as LiveSearch;
        },
      });
    },
    [navigate],
  );
  return { search, change };
}
