import { client, unwrap } from '@/shared/api/client';
import { useListChange } from '../useListChange';

/** Takes one thing off a list; that it was there stays stored. */
export function useRemoveEntry(name: string) {
  return useListChange(({ value, reason }: { value: string; reason: string }) =>
    unwrap(
      client.POST('/api/v1/lists/{name}/entries/remove', {
        params: { path: { name } },
        body: { values: [value], reason },
      }),
    ),
  );
}
