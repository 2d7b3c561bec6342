import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import type { PartyKind } from './words';

/** What an account or a counterparty did lately, summed up by the server. */
export function useActivity(kind: PartyKind, id: string) {
  return useQuery({
    queryKey: ['activity', kind, id],
    queryFn: ({ signal }) =>
      kind === 'account'
        ? unwrap(
            client.GET('/api/v1/accounts/{account_id}', { params: { path: { account_id: id } }, signal }),
          )
        : unwrap(
            client.GET('/api/v1/counterparties/{counterparty_id}', {
              params: { path: { counterparty_id: id } },
              signal,
            }),
          ),
  });
}
