import type { components } from '@/shared/api/schema';

export type EntityKind = 'account' | 'counterparty' | 'device' | 'ip' | 'card' | 'email' | 'email_domain';
export type Hit = components['schemas']['Hit'];

/** What a kind of entity is called, one and many. */
export const KIND_WORDS: Record<EntityKind, { name: string; others: string }> = {
  account: { name: 'Account', others: 'Accounts' },
  counterparty: { name: 'Counterparty', others: 'Counterparties' },
  device: { name: 'Device', others: 'Devices' },
  ip: { name: 'Address', others: 'Addresses' },
  card: { name: 'Card', others: 'Cards' },
  email: { name: 'E-mail', others: 'E-mails' },
  email_domain: { name: 'E-mail domain', others: 'E-mail domains' },
};
