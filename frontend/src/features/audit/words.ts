import type { AuditOutcome } from '@/shared/api/types';

export const OUTCOME_WORD: Record<AuditOutcome, string> = {
  success: 'Done',
  failure: 'Failed',
  refused: 'Refused',
};
export const OUTCOME_LOOK = { success: 'plain', failure: 'bad', refused: 'warn' } as const;

/** An operation's name in words: `resolve_alert` → `Resolve alert`. */
export function inWords(action: string): string {
  const words = action.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Actions that are looked for most; any other can be typed. */
export const COMMON_ACTIONS = [
  'login',
  'resolve_alert',
  'acknowledge_alert',
  'reopen_alert',
  'undo_alert',
  'assign_alert',
  'snooze_alert',
  'wake_alert',
  'act_on_alerts',
  'raise_alert',
  'change_configuration',
  'move_rule',
  'promote_model',
  'roll_back_models',
  'add_entries',
  'remove_entries',
  'change_user',
  'invite_user',
  'create_api_key',
  'revoke_api_key',
  'export_history',
  'get_assessment',
  'list_audit_logs',
  'verify_audit_log',
  'erase_personal_value',
] as const;
