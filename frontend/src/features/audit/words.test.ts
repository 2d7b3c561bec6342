import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { COMMON_ACTIONS } from './words';

interface Operation {
  operationId?: string;
}
const { paths } = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../../docs/openapi.json'), 'utf8'),
) as { paths: Record<string, Record<string, Operation>> };
const operations = Object.values(paths).flatMap((path) =>
  Object.values(path).map(({ operationId }) => operationId),
);

test('the filter of the audit log offers what is done with alerts and models', () => {
  for (const wanted of ['promote_model', 'reopen_alert', 'snooze_alert', 'assign_alert'])
    expect(COMMON_ACTIONS).toContain(wanted);
});

test.each(COMMON_ACTIONS.filter((action) => action !== 'raise_alert'))(
  '%s is an operation of the API',
  (action) => {
    expect(operations).toContain(action);
  },
);
