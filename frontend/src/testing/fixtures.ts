import type { Alert, AssessmentSummary } from '@/shared/api/types';

export function assessment(sequence: number, part: Partial<AssessmentSummary> = {}): AssessmentSummary {
  return {
    event_source: 'stream',
    event_id: `event-${sequence}`,
    sequence,
    event_type: 'payment',
    family: 'payment',
    occurred_at: '2026-01-31T09:30:00Z',
    received_at: '2026-01-31T09:30:00.010Z',
    scored_at: '2026-01-31T09:30:00.040Z',
    account_id: 'account-1',
    score: 0.1,
    level: 'LOW',
    reasons: [],
    ...part,
  };
}

export function assessments(count: number, from = 1): AssessmentSummary[] {
  return Array.from({ length: count }, (_, i) => assessment(from + i));
}

export function alert(id: string, part: Partial<Alert> = {}): Alert {
  return {
    id,
    group_key: 'account',
    group_value: 'account-1',
    account_id: 'account-1',
    account_count: 1,
    reason_code: 'velocity',
    reason_text: '14 events in 10 minutes',
    reasons: [],
    at_risk: [],
    suppressed_count: 0,
    level: 'HIGH',
    status: 'open',
    event_count: 1,
    top_event_source: 'stream',
    top_event_id: 'event-1',
    top_score: 0.7,
    rank: 1,
    breached: false,
    first_occurred_at: '2026-01-31T09:30:00Z',
    last_occurred_at: '2026-01-31T09:30:00Z',
    opened_at: '2026-01-31T09:30:00Z',
    updated_at: '2026-01-31T09:30:00Z',
    version: 1,
    ...part,
  };
}
