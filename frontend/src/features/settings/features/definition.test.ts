import { expect, test } from 'vitest';
import { definitionOf, inWords, movesFrom } from './definition';

const form = (values: Record<string, string>) => {
  const found = new FormData();
  for (const [name, value] of Object.entries(values)) found.set(name, value);
  return found;
};
const chosen = { aggregate: 'distinct', direction: 'higher_is_riskier', filter: ' ' } as const;

test('a form says a definition; what is left empty is left out', () => {
  const values = { name: 'device_accounts', key: 'device_id, country', field: 'account_id', window: '7d' };
  const found = definitionOf(form({ ...values, unit: 'accounts', meaning: 'accounts of a device' }), chosen);
  expect(found).toEqual({
    name: 'device_accounts',
    key: ['device_id', 'country'],
    aggregate: 'distinct',
    field: 'account_id',
    window: '7d',
    filter: null,
    unit: 'accounts',
    meaning: 'accounts of a device',
    direction: 'higher_is_riskier',
  });
  expect(inWords(found)).toBe('distinct account_id by device_id and country in 7d');
});

test('a definition goes from draft over its backfill to live, and any can be archived', () => {
  expect(movesFrom('draft').map(({ to }) => to)).toEqual(['backfilled', 'archived']);
  expect(movesFrom('backfilled').map(({ to }) => to)).toEqual(['live', 'draft', 'archived']);
  expect(movesFrom('live').map(({ to }) => to)).toEqual(['backfilled', 'archived']);
  expect(movesFrom('archived').map(({ to }) => to)).toEqual(['draft']);
});
