import { expect, test } from 'vitest';
import { createExplanationParts } from './explanationParts';

const part = (event_id: string, text: string, id = 'x') => ({
  id,
  event_id,
  part: 'why' as const,
  sentence: { text, cites: ['E1'] },
});
const texts = (parts: ReturnType<typeof createExplanationParts>, event: string) =>
  parts
    .get()
    .get(event)
    ?.parts.why.map(({ text }) => text);

test('sentences of one writing follow each other, those of another begin anew', () => {
  const parts = createExplanationParts();
  parts.put([part('a', 'one'), part('b', 'other')]);
  parts.put([part('a', 'two')]);
  expect(texts(parts, 'a')).toEqual(['one', 'two']);
  parts.put([part('a', 'three', 'y')]);
  expect(texts(parts, 'a')).toEqual(['three']);
  expect(texts(parts, 'b')).toEqual(['other']);
  parts.forget('a');
  expect(texts(parts, 'a')).toBeUndefined();
});

test('only the latest are kept', () => {
  const parts = createExplanationParts();
  for (let i = 0; i < 30; i += 1) parts.put([part(`event-${i}`, 'x')]);
  expect(parts.get().size).toBe(10);
  expect(texts(parts, 'event-29')).toEqual(['x']);
});
