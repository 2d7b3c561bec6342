import type { Action } from '@/shared/api/types';

/** From the most lenient to the strictest. */
export const ACTIONS = ['approve', 'challenge', 'review', 'decline'] as const satisfies readonly Action[];

export const DECISION = {
  approve: { word: 'Approve', look: 'plain' },
  challenge: { word: 'Challenge', look: 'good' },
  review: { word: 'Review', look: 'warn' },
  decline: { word: 'Decline', look: 'bad' },
} as const satisfies Record<Action, { word: string; look: string }>;

export function isAction(value: unknown): value is Action {
  return ACTIONS.includes(value as Action);
}

/** The actions, to choose one. */
export const ACTION_OPTIONS = ACTIONS.map((value) => ({ value, label: DECISION[value].word }));
