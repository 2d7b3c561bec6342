import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { client, unwrap } from '@/shared/api/client';
import { useMay } from '@/shared/session/useMay';

const PARTS = 10;

async function names(signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  let cursor: string | null = null;
  for (let part = 0; part < PARTS; part++) {
    const query: { limit: number; cursor?: string } = { limit: 100, ...(cursor ? { cursor } : {}) };
    const page: { items: { id: string; email: string }[]; next_cursor: string | null } = await unwrap(
      client.GET('/api/v1/users', { params: { query }, signal }),
    );
    for (const user of page.items) found.set(user.id, user.email);
    cursor = page.next_cursor;
    if (!cursor) break;
  }
  return found;
}

/** Who did it, in words: the log names people by their ids, so that a name can be forgotten. */
export function useNames(): (actor: string) => string {
  const { data } = useQuery({
    queryKey: ['user-names'],
    queryFn: ({ signal }) => names(signal),
    enabled: useMay('users:manage'),
    staleTime: 5 * 60_000,
  });
  return useCallback(
    (actor) => (actor.startsWith('user:') ? (data?.get(actor.slice(5)) ?? actor) : actor),
    [data],
  );
}
