import { type EntityKind, KIND_WORDS } from '@/shared/entities/kinds';

export type PartyKind = EntityKind;

/** Whom an entity meets: an account counterparties, all others accounts. */
export const otherOf = (kind: EntityKind): 'account' | 'counterparty' =>
  kind === 'account' ? 'counterparty' : 'account';

export const nameOf = (kind: EntityKind): string => KIND_WORDS[kind].name;
