import type { EntityKind } from './kinds';

const CARDS = ['card', 'card_id', 'card_token', 'card_fingerprint'];

/** What an attribute of an event names, as the server reads it; nothing for most. */
export function entityOfAttribute(name: string, value: unknown): { kind: EntityKind; id: string } | null {
  if (CARDS.includes(name) && (typeof value === 'string' || Number.isInteger(value)) && value !== '')
    return { kind: 'card', id: String(value) };
  if (typeof value !== 'string' || !value.trim()) return null;
  if (name === 'email') return { kind: 'email', id: value.trim().toLowerCase() };
  if (name === 'email_domain') return { kind: 'email_domain', id: value.trim().toLowerCase() };
  return null;
}
