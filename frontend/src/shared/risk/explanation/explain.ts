import { client, unwrap } from '@/shared/api/client';
import type { Explanation } from './types';

/** An event in words, or the answer to a question about it. */
export function explain(
  eventId: string,
  question: string | null,
  signal?: AbortSignal,
): Promise<Explanation> {
  const body = { event_id: eventId, ...(question ? { question } : {}) };
  return unwrap(client.POST('/api/v1/explain/risk', { body, ...(signal ? { signal } : {}) }));
}
