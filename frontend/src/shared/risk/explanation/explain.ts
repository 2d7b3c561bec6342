import { client, unwrap } from '@/shared/api/client';
import { readRef } from '@/shared/risk/eventRef';
import type { Explanation } from './types';

/** An event in words, or the answer to a question about it. */
export function explain(ref: string, question: string | null, signal?: AbortSignal): Promise<Explanation> {
  const body = { ...readRef(ref), ...(question ? { question } : {}) };
  return unwrap(client.POST('/api/v1/explain/risk', { body, ...(signal ? { signal } : {}) }));
}
