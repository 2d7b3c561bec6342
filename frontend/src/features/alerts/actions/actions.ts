import { client, unwrap } from '@/shared/api/client';
import type { Alert, Disposition, DispositionReason } from '@/shared/api/types';

export type Action =
  | { kind: 'acknowledge' }
  | { kind: 'resolve'; disposition: Disposition; reason: DispositionReason | null; note: string }
  | { kind: 'reopen' }
  | { kind: 'undo' }
  | { kind: 'assign'; assignee: string | null }
  | { kind: 'snooze'; until: string; note: string }
  | { kind: 'wake' }
  | { kind: 'note'; text: string };

/** Of these the server is told which version was seen: nobody overrules what they have not read. */
const SEEN = new Set<Action['kind']>(['resolve', 'reopen', 'undo', 'assign', 'snooze', 'wake']);

/** Carries out one action on `alert`, as it was last known. */
export function send(alert: Alert, action: Action): Promise<Alert> {
  const seen = SEEN.has(action.kind) || (action.kind === 'acknowledge' && alert.assignee !== null);
  const params = {
    path: { alert_id: alert.id },
    ...(seen ? { header: { 'If-Match': `"${alert.version}"` } } : {}),
  };
  switch (action.kind) {
    case 'acknowledge':
      return unwrap(client.POST('/api/v1/alerts/{alert_id}/acknowledge', { params, body: {} }));
    case 'resolve': {
      const { disposition, reason, note } = action;
      const body = { disposition, ...(reason ? { reason } : {}), ...(note ? { note } : {}) };
      return unwrap(client.POST('/api/v1/alerts/{alert_id}/resolve', { params, body }));
    }
    case 'reopen':
      return unwrap(client.POST('/api/v1/alerts/{alert_id}/reopen', { params, body: {} }));
    case 'undo':
      return unwrap(client.POST('/api/v1/alerts/{alert_id}/undo', { params }));
    case 'assign': {
      const body = { assignee: action.assignee };
      return unwrap(client.POST('/api/v1/alerts/{alert_id}/assign', { params, body }));
    }
    case 'snooze': {
      const body = { until: action.until, ...(action.note ? { note: action.note } : {}) };
      return unwrap(client.POST('/api/v1/alerts/{alert_id}/snooze', { params, body }));
    }
    case 'wake':
      return unwrap(client.POST('/api/v1/alerts/{alert_id}/wake', { params }));
    case 'note':
      return unwrap(client.POST('/api/v1/alerts/{alert_id}/notes', { params, body: { text: action.text } }));
  }
}

/** Whether the API can do `action` with many at once. */
export const isBulk = (action: Action): action is BulkAction =>
  action.kind === 'acknowledge' ||
  action.kind === 'resolve' ||
  action.kind === 'assign' ||
  action.kind === 'snooze';

export type BulkAction = Extract<Action, { kind: 'acknowledge' | 'resolve' | 'assign' | 'snooze' }>;

export function sendBulk(ids: string[], action: BulkAction) {
  const body = { ids, ...bulkBody(action) };
  return unwrap(client.POST('/api/v1/alerts/bulk', { body }));
}

function bulkBody(action: BulkAction) {
  switch (action.kind) {
    case 'acknowledge':
      return { action: 'acknowledge' as const };
    case 'assign':
      return { action: 'assign' as const, assignee: action.assignee };
    case 'snooze':
      return {
        action: 'snooze' as const,
        until: action.until,
        ...(action.note ? { note: action.note } : {}),
      };
    case 'resolve':
      return {
        action: 'resolve' as const,
        disposition: action.disposition,
        ...(action.reason ? { reason: action.reason } : {}),
        ...(action.note ? { note: action.note } : {}),
      };
  }
}

/** Makes the next alert that is nobody's one's own; null when there is none. */
export async function claimNext(): Promise<Alert | null> {
  const answer = await client.POST('/api/v1/alerts/next', { body: null });
  if (answer.response.status === 204) return null;
  return unwrap(Promise.resolve(answer));
}
