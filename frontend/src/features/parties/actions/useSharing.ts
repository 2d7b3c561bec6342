import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import type { EntityKind } from '@/shared/entities/kinds';

/** The most entities of a kind that one action takes. */
export const MOST_AT_ONCE = 1000;

export const sharingQuery = (kind: EntityKind, id: string, limit: number, only?: EntityKind) => ({
  queryKey: ['sharing', kind, id, limit, only],
  queryFn: ({ signal }: { signal: AbortSignal }) => {
    const query = { value: id, limit, ...(only && { only }) };
    return unwrap(
      client.GET('/api/v1/entities/{kind}/sharing', { params: { path: { kind }, query }, signal }),
    );
  },
  staleTime: 60_000,
});

/** All accounts that an entity shares events with, as far as one action can take them. */
export const useAccountsOf = (kind: EntityKind, id: string, enabled: boolean) =>
  useQuery({ ...sharingQuery(kind, id, MOST_AT_ONCE, 'account'), enabled });
