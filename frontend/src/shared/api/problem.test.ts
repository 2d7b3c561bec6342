import { expect, test } from 'vitest';
import { Problem } from './problem';

test.each([
  ['name', 'name', true],
  ['filter.countries', 'countries', true],
  ['filter.countries.0', 'countries', true],
  ['countries.12', 'countries', true],
  ['other_countries', 'countries', false],
  ['countries.code', 'countries', false],
])('what is said of %s is said at the field %s: %s', (field, name, expected) => {
  const problem = new Problem(422, 'Not valid', 'some fields', null, [{ field, detail: 'is not valid' }]);
  expect(problem.field(name) === 'is not valid').toBe(expected);
});
