import { useState } from 'react';
import type { Alert, Disposition } from '@/shared/api/types';
import { useMayAct } from '@/shared/session/useMayAct';
import { announce } from '@/shared/ui/Announcer';
import { type AlertAction, useAlertAction } from './useAlertAction';

/** A refusal is shown from the mutation's state. */
const ignore = (): void => undefined;

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
  // A key pressed while the last action is under way is not lost: actions are carried out one after the other. The
  // socket often tells of a change before its answer arrives, and then nobody would know what to wait for.
  const can = mayAct && alert !== undefined;

  const carryOut = (asked: AlertAction): void => {
    void action.mutateAsync(asked).then((changed) => {
      announce(`Alert on ${changed.account_id} ${changed.status}`);
      if (changed.status === 'resolved') onResolved(changed.id);
    }, ignore);
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
