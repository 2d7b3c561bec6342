import { useZone } from '@/shared/preferences/zone';
import { calendarDate, clock, isUtc, momentText, otherZone, zoneName } from './format';

/** Both readings of a moment: in the chosen zone, and in the other: UTC or the user's own. */
export function readings(at: Date): string {
  return isUtc(at) ? momentText(at) : `${momentText(at)} · ${momentText(at, otherZone())}`;
}

/** The name of the chosen zone, for headings. */
export function ZoneName() {
  useZone();
  return <>{zoneName()}</>;
}

/** A time of day in the chosen zone; the date and the other zone are in its tooltip. */
export function TimeOfDay({ at }: { at: string }) {
  useZone();
  const date = new Date(at);
  return (
    <time dateTime={at} title={readings(date)}>
      {clock(date)}
    </time>
  );
}

/** A moment in full: date and time in the chosen zone, and under it in the other. */
export function Moment({ at }: { at: string }) {
  useZone();
  const date = new Date(at);
  return (
    <time dateTime={at} className="inline-flex flex-col normal-nums">
      <span>
        {calendarDate(date)} {clock(date)} <span className="text-faint">{zoneName(date)}</span>
      </span>
      {!isUtc(date) && <span className="text-xs text-faint">{momentText(date, otherZone())}</span>}
    </time>
  );
}

/** Date and time on one line, for a column whose heading names the zone, or `zoned`; the other is in its tooltip. */
export function DateAndTime({ at, zoned = false }: { at: string; zoned?: boolean }) {
  useZone();
  const date = new Date(at);
  return (
    <time dateTime={at} title={readings(date)} className="whitespace-nowrap">
      <span className="text-muted">{calendarDate(date)}</span> {clock(date)}
      {zoned && ` ${zoneName(date)}`}
    </time>
  );
}

/** A day of the chosen zone's calendar. */
export function Day({ at }: { at: string }) {
  useZone();
  const date = new Date(at);
  return (
    <time dateTime={at} title={readings(date)}>
      {calendarDate(date)}
    </time>
  );
}
