import { expect, test } from 'vitest';
import type { DeadLetterDetail } from '@/shared/api/types';
import { faultOf, toText } from './record';

const letter = (part: Partial<DeadLetterDetail>) =>
  ({ raw: '{}', raw_encoding: 'text', cut: false, ...part }) as DeadLetterDetail;

test('a record is set out in lines, and its numbers stay as they were written', () => {
  const raw = '{"amount": 12.50, "id":9007199254740993,"a":{"x":"a, {b}: \\"c\\"","y":[]} }';
  expect(toText(letter({ raw }))).toBe(
    '{\n  "amount": 12.50,\n  "id": 9007199254740993,\n  "a": {\n    "x": "a, {b}: \\"c\\"",\n    "y": []\n  }\n}',
  );
});

test.each([
  ['no JSON', { raw: '{"a": ' }],
  ['a record that was cut', { raw: '{"a":1}', cut: true }],
  ['bytes', { raw: '//8=', raw_encoding: 'base64' as const }],
])('%s stays as it came', (_, part) => {
  expect(toText(letter(part))).toBe(part.raw);
});

test('what is typed is a record, or it is said what is wrong', () => {
  expect(faultOf('{"a": 1}')).toBeUndefined();
  expect(faultOf('[1]')).toContain('one object');
  expect(faultOf('{"a": ')).toContain('not JSON');
});
