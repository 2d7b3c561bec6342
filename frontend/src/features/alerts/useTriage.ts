import { useState } from 'react';
import type { Alert, Disposition } from '@/shared/api/types';
import { useMayAct } from '@/shared/session/useMayAct';
import { announce } from '@/shared/ui/Announcer';
import { type AlertAction, useAlertAction } from './useAlertAction';

/**
 * Acting on the alert under the reader's eyes. `onResolved` is called with its id when the server has agreed,
 * so that the reader can be taken to the next.
 */
export function useTriage(alert: Alert | undefined, onResolved: (id: string) => void) {
  const action = useAlertAction();
  const mayAct = useMayAct();
  const [resolving, setResolving] = useState(false);
  const concerns = action.variables?.id === alert?.id;
  const busy = action.isPending && concerns;
  const can = mayAct && alert !== undefined && !busy;

  const carryOut = (asked: AlertAction): void => {
    action.mutate(asked, {
      onSuccess: (changed) => {
        announce(`Alert on ${changed.account_id} ${changed.status}`);
        if (changed.status === 'resolved') onResolved(changed.id);
      },
    });
  };
  return {
    mayAct,
    busy,
    refusal: concerns ? action.error : null,
    resolving: resolving && can,
    // Asked also when it is too late for it: the server's answer says what can be done instead.
    acknowledge: () => {
      if (can) carryOut({ id: alert.id, to: 'acknowledged' });
    },
    askToResolve: () => setResolving(can),
    cancel: () => setResolving(false),
    resolve: (disposition: Disposition, note: string) => {
      setResolving(false);
      if (can) carryOut({ id: alert.id, to: 'resolved', disposition, note });
    },
  };
}
