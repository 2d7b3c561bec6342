import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { type DeadLetterFilter, type DeadLetterSearch, readDeadLetterSearch } from './search';

export type Change = { [Key in keyof DeadLetterSearch]?: DeadLetterSearch[Key] | undefined };

/** The screen's address as a filter and a selection, and a way to change parts of it. */
export function useDeadLetterSearch() {
  const { letter, ...filter } = useSearch({ from: '/shell/dead-letters' });
  const navigate = useNavigate();
  const change = useCallback(
    (part: Change) => {
      void navigate({
        to: '/dead-letters',
        replace: true,
        search: (before) => readDeadLetterSearch({ ...before, ...part }),
      });
    },
    [navigate],
  );
  return { filter: filter as DeadLetterFilter, selected: letter, change };
}
