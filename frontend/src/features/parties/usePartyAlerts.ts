import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import type { PartyKind } from './words';

const SHOWN = 20;

/** The alerts opened last on an account or with a counterparty. */
export function usePartyAlerts(kind: PartyKind, id: string) {
  const query = { limit: SHOWN, ...(kind === 'account' ? { account_id: id } : { counterparty_id: id }) };
  return useQuery({
    queryKey: ['alerts', 'of', kind, id],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/alerts', { params: { query }, signal })),
  });
}
