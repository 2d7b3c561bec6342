import type { AssessmentDetail, EventInput } from '@/shared/api/types';

/** An event to try a rule on, and what was known of its account then. */
export interface Sample {
  event: EventInput;
  features: Record<string, number | null>;
}

const FIELDS = [
  'event_id',
  'event_type',
  'occurred_at',
  'account_id',
  'counterparty_id',
  'amount',
  'currency',
  'channel',
  'device_id',
  'ip',
  'country',
] as const;

/** A stored assessment as a sample: the event as it came, the features as they were. */
export function toSample(assessment: AssessmentDetail): Sample {
  const given = FIELDS.map((name) => [name, assessment[name]] as const).filter(([, value]) => value != null);
  return {
    event: { ...Object.fromEntries(given), attributes: assessment.attributes } as EventInput,
    features: Object.fromEntries(assessment.features.map(({ name, value }) => [name, value ?? null])),
  };
}

/** What somebody typed or pasted: `{event, features}`, or the event alone. A text says what is wrong with it. */
export function readSample(text: string): Sample | string {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    return `This is no JSON: ${(error as Error).message}`;
  }
  if (typeof found !== 'object' || found === null || Array.isArray(found))
    return 'Give one event, as an object.';
  const given = found as Partial<Sample>;
  if (given.event === undefined) return { event: found as EventInput, features: {} };
  return { event: given.event, features: given.features ?? {} };
}

export const writeSample = (sample: Sample): string => JSON.stringify(sample, null, 2);
