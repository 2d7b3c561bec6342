export type PartyKind = 'account' | 'counterparty';

interface Words {
  name: string;
  /** Whom it meets. */
  other: PartyKind;
  others: string;
}

export const WORDS: Record<PartyKind, Words> = {
  account: { name: 'Account', other: 'counterparty', others: 'Counterparties' },
  counterparty: { name: 'Counterparty', other: 'account', others: 'Accounts' },
};
