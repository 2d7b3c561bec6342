import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { type AlertFilter, type AlertsSearch, readAlertsSearch } from './search';

type Change = { [Key in keyof AlertsSearch]?: AlertsSearch[Key] | undefined };

/** The screen's address as a filter and a selection, and a way to change parts of it. */
export function useAlertsSearch() {
  const { alert, status = 'open', level, account } = useSearch({ from: '/shell/alerts' });
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
  const filter: AlertFilter = useMemo(
    () => ({ status, ...(level ? { level } : {}), ...(account ? { account } : {}) }),
    [status, level, account],
  );
  return { filter, selected: alert, change };
}
