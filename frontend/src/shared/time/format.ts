const two = (value: number): string => String(value).padStart(2, '0');

/** `14:05:09`, in UTC. */
export function utcTime(at: Date): string {
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
}

/** `14:05`, in UTC. */
export const utcMinute = (at: Date): string => utcTime(at).slice(0, 5);

/** `2026-11-23`, in UTC. */
export const utcDate = (at: Date): string => at.toISOString().slice(0, 10);

const zone = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'medium',
  hourCycle: 'h23',
});
const zoneName = new Intl.DateTimeFormat(undefined, { timeZoneName: 'short' });

/** The user's own time with the zone's name, such as `23 Nov 2026, 15:05:09 CET`. */
export function localTime(at: Date): string {
  const name = zoneName.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? '';
  return `${zone.format(at)} ${name}`.trim();
}

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
