import { useMutation, useMutationState, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import type { Alert, Disposition } from '@/shared/api/types';
import { useStream } from '@/shared/stream/StreamProvider';

export type AlertAction = { id: string; note?: string } & (
  | { to: 'acknowledged' }
  | { to: 'resolved'; disposition: Disposition }
);

const KEY = ['alert-action'];

function carryOut(action: AlertAction): Promise<Alert> {
  const params = { path: { alert_id: action.id } };
  const note = action.note ? { note: action.note } : {};
  if (action.to === 'acknowledged') {
    return unwrap(client.POST('/api/v1/alerts/{alert_id}/acknowledge', { params, body: note }));
  }
  const body = { disposition: action.disposition, ...note };
  return unwrap(client.POST('/api/v1/alerts/{alert_id}/resolve', { params, body }));
}

/** Acknowledges or resolves, in the order asked. While it is under way `usePendingActions` says so; a refusal leaves all as it was. */
export function useAlertAction() {
  const stream = useStream();
  const cache = useQueryClient();
  return useMutation({
    mutationKey: KEY,
    scope: { id: 'alert-action' },
    mutationFn: carryOut,
    onSuccess: (alert) => {
      stream.alerts.put([alert]);
      void cache.invalidateQueries({ queryKey: ['alert-stats'] });
    },
  });
}

/** What has been asked of the server and not been answered, by alert. */
export function usePendingActions(): ReadonlyMap<string, AlertAction['to']> {
  const actions = useMutationState({
    filters: { mutationKey: KEY, status: 'pending' },
    select: (mutation) => mutation.state.variables as AlertAction,
  });
  return new Map(actions.map((action) => [action.id, action.to]));
}
