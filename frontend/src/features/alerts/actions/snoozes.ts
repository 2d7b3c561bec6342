/** The longest that the server puts an alert off. */
export const MOST_DAYS = 7;
const MORNING = 8;

export interface SnoozeChoice {
  name: string;
  until: Date;
}

function morning(now: Date, days: number): Date {
  const at = new Date(now);
  at.setDate(at.getDate() + days);
  at.setHours(MORNING, 0, 0, 0);
  return at;
}

/** Until when an alert is usually put off, by the reader's own clock. */
export function snoozeChoices(now: Date): SnoozeChoice[] {
  const inHours = (hours: number) => new Date(now.getTime() + hours * 3_600_000);
  const untilMonday = (8 - now.getDay()) % 7 || 7;
  return [
    { name: '1 hour', until: inHours(1) },
    { name: '4 hours', until: inHours(4) },
    { name: 'Tomorrow morning', until: morning(now, 1) },
    // On a Monday before eight it would be more than the server allows.
    ...(morning(now, untilMonday).getTime() - now.getTime() <= MOST_DAYS * 86_400_000
      ? [{ name: 'Monday morning', until: morning(now, untilMonday) }]
      : []),
  ];
}

/** A moment as an input of type `datetime-local` takes it, in the reader's own zone. */
export function toLocalInput(at: Date): string {
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
