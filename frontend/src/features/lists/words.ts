import type { StoredList } from '@/shared/api/types';

export type Purpose = StoredList['purpose'];
export type Subject = StoredList['subject'];

export const PURPOSES: readonly { value: Purpose; word: string; meaning: string }[] = [
  { value: 'allow', word: 'Allow', meaning: 'Known to be good.' },
  { value: 'deny', word: 'Deny', meaning: 'Known to be bad.' },
  { value: 'watch', word: 'Watch', meaning: 'To be looked at more closely.' },
];

export const SUBJECTS: readonly { value: Subject; word: string; example: string }[] = [
  { value: 'account', word: 'Accounts', example: 'customer-1042' },
  { value: 'counterparty', word: 'Counterparties', example: 'merchant-77' },
  { value: 'device', word: 'Devices', example: 'device-17' },
  { value: 'ip', word: 'IP addresses and ranges', example: '10.1.0.0/16' },
  { value: 'country', word: 'Countries', example: 'DE' },
];

const FIELDS: Record<Subject, string> = {
  account: 'event.account_id',
  counterparty: 'event.counterparty_id',
  device: 'event.device_id',
  ip: 'event.ip',
  country: 'event.country',
};

export const subjectOf = (value: Subject) => SUBJECTS.find((each) => each.value === value) ?? SUBJECTS[0];

/** How a rule asks for a list. */
export const question = (list: Pick<StoredList, 'name' | 'subject'>): string =>
  `in_list("${list.name}", ${FIELDS[list.subject]})`;
