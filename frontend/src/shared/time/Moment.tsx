import { isUtc, localTime, utcDate, utcTime } from './format';

/** Both readings of a moment: UTC, and the user's own zone. */
export function readings(at: Date): string {
  const utc = `${utcDate(at)} ${utcTime(at)} UTC`;
  return isUtc(at) ? utc : `${utc} · ${localTime(at)}`;
}

/** A UTC time of day; the date and the user's own zone are in its tooltip. */
export function TimeOfDay({ at }: { at: string }) {
  const date = new Date(at);
  return (
    <time dateTime={at} title={readings(date)}>
      {utcTime(date)}
    </time>
  );
}

/** A moment in full: date and time in UTC, the user's own time under it. */
export function Moment({ at }: { at: string }) {
  const date = new Date(at);
  return (
    <time dateTime={at} className="inline-flex flex-col normal-nums">
      <span>
        {utcDate(date)} {utcTime(date)} <span className="text-faint">UTC</span>
      </span>
      {!isUtc(date) && <span className="text-xs text-faint">{localTime(date)}</span>}
    </time>
  );
}

/** Date and time in UTC on one line, for a column whose heading says so; the user's own zone is in its tooltip. */
export function DateAndTime({ at }: { at: string }) {
  const date = new Date(at);
  return (
    <time dateTime={at} title={readings(date)} className="whitespace-nowrap">
      <span className="text-muted">{utcDate(date)}</span> {utcTime(date)}
    </time>
  );
}
