import type { NavigateOptions } from '@tanstack/react-router';
import type { Place } from './places';

/** Where what was found leads. */
export function destination({ kind, id, name }: Place): NavigateOptions {
  switch (kind) {
    case 'event':
      return { to: '/explore', search: { event: id } };
    case 'alert':
      return { to: '/alerts', search: { status: 'all', alert: id } };
    case 'account':
      return { to: '/accounts/$accountId', params: { accountId: id } };
    case 'counterparty':
      return { to: '/counterparties/$counterpartyId', params: { counterpartyId: id } };
    case 'rule':
      return { to: '/rules/$ruleId', params: { ruleId: id } };
    case 'list':
      return { to: '/lists', search: { list: id } };
    case 'list_entry':
      return { to: '/lists', search: { list: id, text: name } };
    case 'user':
      return { to: '/settings/$section', params: { section: 'users' } };
    default:
      return { to: '/entities/$kind/$value', params: { kind, value: id } };
  }
}

const WORDS: Record<string, string> = {
  event: 'Event',
  alert: 'Alert',
  account: 'Account',
  counterparty: 'Counterparty',
  device: 'Device',
  ip: 'Address',
  card: 'Card',
  email: 'E-mail',
  email_domain: 'E-mail domain',
  rule: 'Rule',
  list: 'List',
  list_entry: 'List entry',
  user: 'User',
};

export const kindName = (kind: string): string => WORDS[kind] ?? kind;
