import { expect, test } from 'vitest';
import { columnsOf } from './mapping';

const chosen = (form: Record<string, string>) => (field: string) => form[field] ?? '';

test('only what is chosen otherwise is said, beside what was said before', () => {
  const before = { occurred_at: ['when'], account_id: ['who'], amount: ['sum'], country: ['land'] };
  const form = { occurred_at: 'when', account_id: 'card', amount: 'sum', country: '' };
  expect(columnsOf(chosen(form), before, {})).toEqual({ account_id: 'card', country: null });
  expect(columnsOf(chosen(form), before, { ip: 'addr' })).toEqual({
    account_id: 'card',
    country: null,
    ip: 'addr',
  });
});

test('what an event needs cannot be left out', () => {
  expect(columnsOf(chosen({}), { account_id: ['who'], occurred_at: ['when'] }, {})).toEqual({});
});
