import { expect, test } from 'vitest';
import { MOST_DAYS, snoozeChoices } from './snoozes';

test.each(['2026-01-26T07:00:00', '2026-01-26T12:00:00', '2026-01-31T23:30:00', '2026-02-01T00:10:00'])(
  'from %s every choice is in the future and within what the server allows',
  (at) => {
    const now = new Date(at);
    for (const { until } of snoozeChoices(now)) {
      expect(until.getTime()).toBeGreaterThan(now.getTime());
      expect(until.getTime() - now.getTime()).toBeLessThanOrEqual(MOST_DAYS * 86_400_000);
    }
  },
);
