import { expect, test } from 'vitest';
import { entityOfAttribute } from './attributes';

test.each([
  ['card_token', 'tok-1', { kind: 'card', id: 'tok-1' }],
  ['card', 4711, { kind: 'card', id: '4711' }],
  ['email', ' Ada@Example.com', { kind: 'email', id: 'ada@example.com' }],
  ['basket', 'x', null],
  ['card', true, null],
  ['email', 3, null],
])('the attribute %s of %s names %s', (name, value, found) => {
  expect(entityOfAttribute(name, value)).toEqual(found);
});
