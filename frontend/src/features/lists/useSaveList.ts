import { client, unwrap } from '@/shared/api/client';
import type { StoredList } from '@/shared/api/types';
import { useListChange } from './useListChange';

export type ListAsked = Pick<StoredList, 'name' | 'purpose' | 'subject' | 'description'>;

/** Makes a list, or with the tag of one that is there says anew what it is for. */
export function useSaveList(etag: string | null) {
  return useListChange(({ name, purpose, subject, description }: ListAsked) =>
    unwrap(
      etag === null
        ? client.POST('/api/v1/lists', { body: { name, purpose, subject, description } })
        : client.PUT('/api/v1/lists/{name}', {
            params: { path: { name }, header: { 'If-Match': etag } },
            body: { purpose, description },
          }),
    ),
  );
}
