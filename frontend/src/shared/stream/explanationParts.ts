import { createStore } from '@/shared/store';
import type { ExplanationPart } from './protocol';

/** Of how many events what is being written is kept. */
const CAP = 10;

interface Writing {
  id: string;
  sentences: readonly ExplanationPart['sentence'][];
}

/** The sentences of explanations that are being written, by event; the answer to the request replaces them. */
export function createExplanationParts() {
  const store = createStore<ReadonlyMap<string, Writing>>(new Map());
  return {
    get: store.get,
    subscribe: store.subscribe,
    put(parts: readonly ExplanationPart[]): void {
      const next = new Map(store.get());
      for (const { id, event_id, sentence } of parts) {
        const before = next.get(event_id);
        next.delete(event_id);
        // Written anew, what was there before is of another explanation.
        next.set(event_id, {
          id,
          sentences: before?.id === id ? [...before.sentences, sentence] : [sentence],
        });
      }
      for (const event of next.keys()) {
        if (next.size <= CAP) break;
        next.delete(event);
      }
      store.set(next);
    },
    clear: () => store.set(new Map()),
  };
}
