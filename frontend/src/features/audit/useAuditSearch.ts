import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { type AuditFilter, type AuditSearch, readAuditSearch } from './search';

export type Change = { [Key in keyof AuditSearch]?: AuditSearch[Key] | undefined };

/** The screen's address as a filter and a selection, and a way to change parts of it. */
export function useAuditSearch() {
  const { record, ...filter } = useSearch({ from: '/shell/audit' });
  const navigate = useNavigate();
  const change = useCallback(
    (part: Change) => {
      void navigate({
        to: '/audit',
        replace: true,
        search: (before) => readAuditSearch({ ...before, ...part }),
      });
    },
    [navigate],
  );
  return { filter: filter as AuditFilter, selected: record, change };
}
