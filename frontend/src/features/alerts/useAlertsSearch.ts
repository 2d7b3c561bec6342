import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { type AlertFilter, type AlertsSearch, readAlertsSearch } from './search';

type Change = { [Key in keyof AlertsSearch]?: AlertsSearch[Key] | undefined };

/** The screen's address as a filter and a selection, and ways to change them. */
export function useAlertsSearch() {
  const { alert, ...search } = useSearch({ from: '/shell/alerts' });
  const navigate = useNavigate();
  const change = useCallback(
    (part: Change) => {
      void navigate({
        to: '/alerts',
        replace: true,
        search: (before) => readAlertsSearch({ ...before, ...part }),
      });
    },
    [navigate],
  );
  /** Another filter altogether; the panel stays. */
  const show = useCallback(
    (wanted: Partial<AlertFilter>) => {
      void navigate({
        to: '/alerts',
        replace: true,
        search: ({ alert }) => readAlertsSearch({ ...wanted, ...(alert ? { alert } : {}) }),
      });
    },
    [navigate],
  );
  const key = JSON.stringify(search);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same filter is the same object
  const filter: AlertFilter = useMemo(() => ({ status: 'unresolved', ...search }), [key]);
  return { filter, selected: alert, change, show };
}
