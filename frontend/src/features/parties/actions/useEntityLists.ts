import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import type { EntityKind } from '@/shared/entities/kinds';

/** The lists that an entity is on now. */
export function useEntityLists(kind: EntityKind, id: string) {
  return useQuery({
    queryKey: ['lists', 'of', kind, id],
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/entities/{kind}/lists', {
          params: { path: { kind }, query: { value: id } },
          signal,
        }),
      ),
  });
}
