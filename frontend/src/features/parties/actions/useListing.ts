import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, done, unwrap } from '@/shared/api/client';

/** What putting values on a list would change. */
export function useListPreview(name: string, values: readonly string[]) {
  return useQuery({
    queryKey: ['lists', 'preview', name, values],
    queryFn: ({ signal }) =>
      unwrap(
        client.POST('/api/v1/lists/{name}/entries/preview', {
          params: { path: { name } },
          body: { values: [...values] },
          signal,
        }),
      ),
    enabled: name !== '' && values.length > 0,
  });
}

/** What was put on a list, and can be taken off again. */
export interface Listing {
  list: string;
  values: readonly string[];
  reason: string;
  until: string | null;
}

/** Puts values on a list, and takes them off again: what was there before is left alone by both. */
export function useListing() {
  const cache = useQueryClient();
  const read = () => void cache.invalidateQueries({ queryKey: ['lists'] });
  const add = useMutation({
    mutationFn: ({ list, values, reason, until }: Listing) =>
      unwrap(
        client.POST('/api/v1/lists/{name}/entries', {
          params: { path: { name: list } },
          body: { items: values.map((value) => ({ value, expires_at: until })), reason },
        }),
      ),
    onSettled: read,
  });
  const undo = useMutation({
    mutationFn: ({ list, values, reason }: Listing) =>
      done(
        client.POST('/api/v1/lists/{name}/entries/remove', {
          params: { path: { name: list } },
          body: { values: [...values], reason: `Undone: ${reason}`.slice(0, 500) },
        }),
      ),
    onSettled: read,
  });
  return { add, undo };
}
