import createClient from 'openapi-fetch';
import { type Options, retrying } from './retrying.ts';
import type { paths } from './schema.d.ts';

export type { components, paths } from './schema.d.ts';
export { retrying } from './retrying.ts';

/** A typed client of the API at `baseUrl`: `client.POST('/api/v1/events', { body })`. */
export function createRiskClient(baseUrl: string, options: Options = {}) {
  return createClient<paths>({ baseUrl, fetch: retrying(options) });
}
