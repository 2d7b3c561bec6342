import { expect, test } from 'vitest';
import { withLastBar } from './scale';

test('the last bar, whose figures the legend tells, has room to be drawn', () => {
  expect(withLastBar([0, 60, 120], 0, 120)).toEqual([0, 180]);
  expect(withLastBar([0], 0, 0)).toEqual([0, 1]);
});
