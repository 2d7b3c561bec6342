import type { AlertStatus, Disposition } from '@/shared/api/types';

export const STATUS_WORD: Record<AlertStatus, string> = {
  open: 'Open',
  acknowledged: 'Acknowledged',
  resolved: 'Resolved',
};

export const PENDING_WORD = { acknowledged: 'Acknowledging…', resolved: 'Resolving…' } as const;

export const DISPOSITIONS: readonly { value: Disposition; word: string; meaning: string }[] = [
  { value: 'confirmed_risk', word: 'Confirmed risk', meaning: 'It was what it looked like.' },
  { value: 'false_positive', word: 'False positive', meaning: 'It was harmless; the engine was wrong.' },
  { value: 'inconclusive', word: 'Inconclusive', meaning: 'It cannot be told from what is known.' },
];

export const dispositionWord = (value: Disposition): string =>
  DISPOSITIONS.find((each) => each.value === value)?.word ?? value;
