import { expect, test } from 'vitest';
import { eventParams, eventRef, readRef } from './eventRef';

test('an id of any text leads back to its event and source', () => {
  for (const event_id of ['order-2024/000017 ä', 'a|b', '100%25', '900001', 'x|']) {
    for (const event_source of ['stream', 'key:shop', 'a|b/c'])
      expect(readRef(eventRef({ event_id, event_source }))).toEqual(
        event_source === 'stream' && !event_id.includes('|') ? { event_id } : { event_id, event_source },
      );
  }
});

test('an id that stands alone asks the API for the one source that has it', () => {
  expect(eventParams('order-2024/000017 ä')).toEqual({
    path: { event_id: 'order-2024/000017 ä' },
    query: {},
  });
});
