import type { RiskLevel, RuleDefinition } from '@/shared/api/types';

/** A definition while it is written: numbers are text, and both effects are kept. */
export interface Draft {
  expression: string;
  effect: 'points' | 'level';
  points: string;
  level: RiskLevel;
  reasonText: string;
  owner: string;
  description: string;
}

export const EMPTY: Draft = {
  expression: '',
  effect: 'points',
  points: '1',
  level: 'HIGH',
  reasonText: '',
  owner: '',
  description: '',
};

export function toDraft(definition: RuleDefinition): Draft {
  return {
    expression: definition.expression,
    effect: definition.min_level ? 'level' : 'points',
    points: definition.points == null ? EMPTY.points : String(definition.points),
    level: definition.min_level ?? EMPTY.level,
    reasonText: definition.reason_text,
    owner: definition.owner,
    description: definition.description ?? '',
  };
}

export function toDefinition(draft: Draft): RuleDefinition {
  return {
    owner: draft.owner.trim(),
    description: draft.description,
    expression: draft.expression,
    points: draft.effect === 'points' ? Number(draft.points) : null,
    min_level: draft.effect === 'level' ? draft.level : null,
    reason_text: draft.reasonText,
  };
}

export interface DraftState {
  draft: Draft;
  /** What it was before anything was typed, and the version that this is; 0 for a rule that is not there yet. */
  base: Draft;
  version: number;
}

export type DraftChange =
  | { type: 'typed'; part: Partial<Draft> }
  /** A version takes the place of what was begun from: just saved, or chosen after somebody else's. */
  | { type: 'began'; version: number; definition: RuleDefinition }
  /** The text of an older version, as an edit of the newest. */
  | { type: 'took'; definition: RuleDefinition };

export const isChanged = ({ draft, base }: DraftState): boolean =>
  (Object.keys(draft) as (keyof Draft)[]).some((name) => draft[name] !== base[name]);

export function begin(version: number, definition: RuleDefinition | null): DraftState {
  const draft = definition ? toDraft(definition) : EMPTY;
  return { draft, base: draft, version };
}

export function change(state: DraftState, by: DraftChange): DraftState {
  switch (by.type) {
    case 'typed':
      return { ...state, draft: { ...state.draft, ...by.part } };
    case 'began':
      return begin(by.version, by.definition);
    case 'took':
      return { ...state, draft: toDraft(by.definition) };
  }
}
