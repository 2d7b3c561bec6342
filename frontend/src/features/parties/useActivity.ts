import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import type { PartyKind } from './words';

/** What an entity did lately, summed up by the server. */
export function useActivity(kind: PartyKind, id: string) {
  return useQuery({
    queryKey: ['activity', kind, id],
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/entities/{kind}', { params: { path: { kind }, query: { value: id } }, signal }),
      ),
  });
}
