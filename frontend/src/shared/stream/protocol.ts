import type { Alert, AssessmentSummary, RiskLevel } from '@/shared/api/types';

/** How the engine does, sent about once a second while it works. */
export interface EngineStats {
  at: string;
  events_per_second: number;
  lag_ms: number;
  minute: string;
  by_level: Partial<Record<RiskLevel, number>>;
}

/** A sentence of an explanation that is being written for this user. */
export interface ExplanationPart {
  id: string;
  event_id: string;
  part: 'summary' | 'why' | 'against' | 'checks';
  sentence: { text: string; cites: string[] };
}

export type Envelope =
  | { type: 'assessments'; items: AssessmentSummary[] }
  | { type: 'alert'; items: Alert[] }
  | { type: 'stats'; items: EngineStats[] }
  | { type: 'config'; items: unknown[] }
  | { type: 'explanation'; items: ExplanationPart[] }
  | { type: 'subscribed'; items: { min_level: RiskLevel }[] }
  | { type: 'pong'; items: [] };

const KNOWN = new Set(['assessments', 'alert', 'stats', 'config', 'explanation', 'subscribed', 'pong']);

/** A frame as an envelope, or null when this version of the page does not know it. */
export function parseEnvelope(frame: unknown): Envelope | null {
  if (typeof frame !== 'string') return null;
  try {
    const parsed: unknown = JSON.parse(frame);
    if (typeof parsed !== 'object' || parsed === null) return null;
    const { type, items } = parsed as { type?: unknown; items?: unknown };
    return typeof type === 'string' && KNOWN.has(type) && Array.isArray(items) ? (parsed as Envelope) : null;
  } catch {
    return null;
  }
}
