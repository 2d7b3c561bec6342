import { expect, test } from 'vitest';
import { leaves } from './attributes';

test('nested attributes are told by the path of each value', () => {
  const sent = {
    vip: true,
    note: null,
    tags: ['new', 'eu'],
    basket: { items: [{ sku: 'a-1' }, { sku: 'b-2' }], coupons: [] },
  };
  expect(leaves(sent)).toEqual([
    ['vip', 'true'],
    ['note', null],
    ['tags', 'new, eu'],
    ['basket.items.0.sku', 'a-1'],
    ['basket.items.1.sku', 'b-2'],
    ['basket.coupons', 'empty list'],
  ]);
  expect(leaves({})).toEqual([]);
});
