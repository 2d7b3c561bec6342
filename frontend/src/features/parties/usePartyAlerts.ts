import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import type { PartyKind } from './words';

const SHOWN = 20;

/** The alerts opened last that hold its events. Of accounts and counterparties all are known, not only the latest. */
export function usePartyAlerts(kind: PartyKind, id: string) {
  return useQuery({
    queryKey: ['alerts', 'of', kind, id],
    queryFn: async ({ signal }) => {
      if (kind === 'account' || kind === 'counterparty') {
        const query = { limit: SHOWN, [`${kind}_id`]: id };
        const { items, next_cursor } = await unwrap(
          client.GET('/api/v1/alerts', { params: { query }, signal }),
        );
        return { items, more: Boolean(next_cursor) };
      }
      const params = { path: { kind }, query: { value: id, limit: SHOWN } };
      const { items } = await unwrap(client.GET('/api/v1/entities/{kind}/alerts', { params, signal }));
      return { items, more: items.length === SHOWN };
    },
  });
}
