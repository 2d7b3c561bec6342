import { expect, test } from 'vitest';
import contracts from '@/shared/api/contracts.json';
import { parseEnvelope, unknownUpdates } from './protocol';

test('every type of update that the server has is known, and another is counted', () => {
  for (const type of contracts.updateTypes)
    expect(parseEnvelope(JSON.stringify({ type, items: [] }))?.type).toBe(type);
  expect(unknownUpdates.get()).toBe(0);
  expect(parseEnvelope('{"type":"of tomorrow","items":[]}')).toBeNull();
  expect(unknownUpdates.get()).toBe(1);
});
