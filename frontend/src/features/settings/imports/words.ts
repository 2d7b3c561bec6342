import type { ImportStatus, ImportView } from '@/shared/api/types';
import { count, plural } from '@/shared/format/number';

export const STATUS: Record<ImportStatus, string> = {
  uploading: 'Uploading',
  uploaded: 'Reading the first rows',
  planned: 'Waits to be started',
  running: 'Loading',
  done: 'Loaded',
  failed: 'Failed',
  undoing: 'Being taken back',
  undone: 'Taken back',
};

/** The fields of an event that a column can be chosen for, in the order of the form. */
export const FIELDS = [
  { name: 'occurred_at', word: 'Time', required: true },
  { name: 'account_id', word: 'Account', required: true },
  { name: 'amount', word: 'Amount' },
  { name: 'currency', word: 'Currency' },
  { name: 'counterparty_id', word: 'Counterparty' },
  { name: 'event_id', word: 'Event id' },
  { name: 'event_type', word: 'Event type' },
  { name: 'channel', word: 'Channel' },
  { name: 'device_id', word: 'Device' },
  { name: 'ip', word: 'IP address' },
  { name: 'country', word: 'Country' },
  { name: 'fraud', word: 'Fraud or not' },
] as const;

export type FieldName = (typeof FIELDS)[number]['name'];

/** Whether an import can be taken back or given up. */
export const canUndo = (status: ImportStatus): boolean => status !== 'undoing' && status !== 'undone';

/** Whether the engine has met something of it: to take it back costs a pause. */
export const wasStarted = (status: ImportStatus): boolean =>
  status === 'running' || status === 'done' || status === 'failed';

/** `5 KB`, `4.8 MB`. */
export function size(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB'];
  const place = Math.min(Math.max(Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1_000)), 0), 3);
  const value = bytes / 1_000 ** place;
  return `${value < 10 && place > 0 ? value.toFixed(1) : Math.round(value)} ${units[place]}`;
}

export interface Stage {
  words: string;
  /** 0 to 1; null while nobody knows. */
  share: number | null;
}

/** How far a running import is: its file is read and sorted first, then its records are loaded in order. */
export function stage({
  status,
  read_share,
  rows,
  refused,
  events,
  labels,
  repeated,
  failed,
}: ImportView): Stage {
  if (status === 'undoing')
    return { words: 'The engine takes it back, and reads nothing meanwhile', share: null };
  const loaded = events + labels + repeated + failed;
  if (read_share < 1)
    return { words: `Reading the file: ${Math.floor(read_share * 100)} %`, share: read_share };
  if (rows === 0) return { words: `Loading: ${plural(loaded, 'record')} so far`, share: null };
  const whole = Math.max(rows - refused, 1);
  return {
    words: `Loading: ${count(loaded)} records of ${count(rows)} rows`,
    share: Math.min(loaded / whole, 1),
  };
}

/** What came of it, so that it adds up. */
export function outcome(of: ImportView): string {
  const { rows, refused, events, labels, repeated, failed } = of;
  const parts = [plural(events, 'event'), plural(labels, 'label'), `${plural(refused, 'row')} refused`];
  if (repeated) parts.push(`${count(repeated)} known before`);
  if (failed) parts.push(`${plural(failed, 'dead letter')}`);
  return `${plural(rows, 'row')}: ${parts.join(', ')}`;
}
