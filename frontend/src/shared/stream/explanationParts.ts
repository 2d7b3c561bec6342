import { eventRef } from '@/shared/risk/eventRef';
import { createStore } from '@/shared/store';
import type { ExplanationPart } from './protocol';

/** Of how many events what is being written is kept. */
const CAP = 10;

type Parts = Readonly<Record<ExplanationPart['part'], readonly ExplanationPart['sentence'][]>>;

interface Writing {
  id: string;
  parts: Parts;
}

const NOTHING: Parts = { summary: [], why: [], against: [], checks: [] };

/** The sentences of explanations that are being written, by event; the answer to the request replaces them. */
export function createExplanationParts() {
  const store = createStore<ReadonlyMap<string, Writing>>(new Map());
  return {
    get: store.get,
    subscribe: store.subscribe,
    put(parts: readonly ExplanationPart[]): void {
      const next = new Map(store.get());
      for (const { id, part, sentence, ...of } of parts) {
        const event = eventRef(of);
        const before = next.get(event);
        // Written anew, what was there before is of another explanation.
        const kept = before?.id === id ? before.parts : NOTHING;
        next.delete(event);
        next.set(event, { id, parts: { ...kept, [part]: [...kept[part], sentence] } });
      }
      for (const event of next.keys()) {
        if (next.size <= CAP) break;
        next.delete(event);
      }
      store.set(next);
    },
    /** What was written of an event so far is of no use to what is written next. */
    forget(event: string): void {
      const next = new Map(store.get());
      if (next.delete(event)) store.set(next);
    },
    clear: () => store.set(new Map()),
  };
}
