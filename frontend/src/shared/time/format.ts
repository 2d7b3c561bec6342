import { type Zone, zone } from '@/shared/preferences/zone';

const two = (value: number): string => String(value).padStart(2, '0');

/** `at` moved so that its UTC fields read as the clock and calendar of the zone do. */
const shifted = (at: Date, of: Zone): Date =>
  of === 'utc' ? at : new Date(at.getTime() - at.getTimezoneOffset() * 60_000);

/** `14:05:09`, in the chosen zone. */
export function clock(at: Date, of: Zone = zone()): string {
  const there = shifted(at, of);
  return `${two(there.getUTCHours())}:${two(there.getUTCMinutes())}:${two(there.getUTCSeconds())}`;
}

/** `14:05`, in the chosen zone. */
export const clockMinute = (at: Date, of: Zone = zone()): string => clock(at, of).slice(0, 5);

/** `2026-11-23`, in the chosen zone. */
export const calendarDate = (at: Date, of: Zone = zone()): string =>
  shifted(at, of).toISOString().slice(0, 10);

/** `2026-11-23`, in UTC: for days that are counted in UTC. */
export const utcDate = (at: Date): string => calendarDate(at, 'utc');

const zoneNames = new Intl.DateTimeFormat(undefined, { timeZoneName: 'short' });

/** The name of the chosen zone at that moment: `UTC`, or such as `CET`. */
export function zoneName(at: Date = new Date(), of: Zone = zone()): string {
  if (of === 'utc') return 'UTC';
  return zoneNames.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? 'local';
}

/** `2026-11-23 14:05:09 UTC`: a moment in full. */
export const momentText = (at: Date, of: Zone = zone()): string =>
  `${calendarDate(at, of)} ${clock(at, of)} ${zoneName(at, of)}`;

/** The zone that was not chosen. */
export const otherZone = (of: Zone = zone()): Zone => (of === 'utc' ? 'own' : 'utc');

/** Whether the user lives in UTC, so that a second reading would say the same. */
export const isUtc = (at: Date): boolean => at.getTimezoneOffset() === 0;

/** `45 s`, `3 min`, `2 h`, `5 d`: how long, in the largest whole unit. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** `12 ms`, `840 ms`, `1.4 s`, `3 min`: for what should be quick. */
export function latency(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  return milliseconds < 10_000 ? `${(milliseconds / 1000).toFixed(1)} s` : duration(milliseconds);
}
