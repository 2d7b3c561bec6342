import contracts from '@/shared/api/contracts.json';
import type { Alert, AssessmentSummary, Overturn, RiskLevel } from '@/shared/api/types';
import { createStore } from '@/shared/store';

/** How the engine does, sent about once a second while it works. */
export interface EngineStats {
  at: string;
  events_per_second: number;
  lag_ms: number;
  minute: string;
  by_level: Partial<Record<RiskLevel, number>>;
  /** Records of the last second that could not be scored; an older engine does not say. */
  dead_letters?: number;
}

/** A sentence of an explanation that is being written for this user. */
export interface ExplanationPart {
  id: string;
  event_id: string;
  event_source?: string;
  part: 'summary' | 'why' | 'against' | 'checks';
  sentence: { text: string; cites: string[] };
}

export type Envelope =
  | { type: 'assessments'; items: AssessmentSummary[] }
  | { type: 'alert'; items: Alert[] }
  | { type: 'stats'; items: EngineStats[] }
  | { type: 'config' | 'model' | 'delivery' | 'import'; items: unknown[] }
  | { type: 'overturn'; items: Overturn[] }
  | { type: 'explanation'; items: ExplanationPart[] }
  | { type: 'subscribed'; items: { min_level: RiskLevel }[] }
  | { type: 'pong'; items: [] };

/** What the server may send, as its code says, and its answers. */
const KNOWN: ReadonlySet<string> = new Set([...contracts.updateTypes, 'subscribed', 'pong']);

/** How many updates came that this version of the page does not know: a newer server says more. */
export const unknownUpdates = createStore(0);

/** A frame as an envelope, or null when this version of the page does not know it; that is counted. */
export function parseEnvelope(frame: unknown): Envelope | null {
  if (typeof frame !== 'string') return null;
  try {
    const parsed: unknown = JSON.parse(frame);
    if (typeof parsed !== 'object' || parsed === null) return null;
    const { type, items } = parsed as { type?: unknown; items?: unknown };
    if (typeof type !== 'string' || !Array.isArray(items)) return null;
    if (KNOWN.has(type)) return parsed as Envelope;
    unknownUpdates.set(unknownUpdates.get() + 1);
    return null;
  } catch {
    return null;
  }
}
