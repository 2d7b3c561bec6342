import { client, unwrap } from '@/shared/api/client';
import { useListChange } from '../useListChange';
import type { Item } from './parse';

/** Puts all of them on a list, or none if one is not valid. */
export function useAddEntries(name: string) {
  return useListChange(({ items, reason }: { items: readonly Item[]; reason: string }) =>
    unwrap(
      client.POST('/api/v1/lists/{name}/entries', {
        params: { path: { name } },
        body: { items: items.map(({ value, expires_at }) => ({ value, expires_at })), reason },
      }),
    ),
  );
}
