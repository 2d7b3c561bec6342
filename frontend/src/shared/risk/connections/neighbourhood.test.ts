import { expect, test } from 'vitest';
import type { Neighbourhood } from '@/shared/api/types';
import { layout, pathOf } from './neighbourhood';

const node = (kind: 'account' | 'counterparty', id: string) => ({ kind, id, unresolved: 0, confirmed: 0 });
const link = (account_id: string, counterparty_id: string, level: 'LOW' | 'HIGH') => ({
  account_id,
  counterparty_id,
  events: 2,
  risky: 0,
  level,
  last_occurred_at: '2026-01-31T09:30:00Z',
});

test('the account is left of its counterparties, and these of who else deals with them', () => {
  const found: Neighbourhood = {
    account_id: 'ada',
    events: 4,
    nodes: [node('account', 'ada'), node('counterparty', 'shop'), node('account', 'bob')],
    links: [link('ada', 'shop', 'LOW'), link('bob', 'shop', 'HIGH')],
  };
  const { nodes, links } = layout(found);
  expect(nodes.map(({ id, side, level }) => [id, side, level])).toEqual([
    ['ada', 'left', 'LOW'],
    ['shop', 'middle', 'HIGH'],
    ['bob', 'right', 'HIGH'],
  ]);
  expect(links.map(({ from, to }) => [from.id, to.id])).toEqual([
    ['ada', 'shop'],
    ['bob', 'shop'],
  ]);
});

test('an id is safe in an address', () => {
  expect(pathOf({ kind: 'counterparty', id: 'a/b c' })).toBe('/counterparties/a%2Fb%20c');
});
