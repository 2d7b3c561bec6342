import { useInfiniteQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import type { AuditFilter } from './search';

export const AUDIT_LOG = ['audit-log'] as const;

/** The log, newest first, a part at a time. Each reading of it is a record, too: it is not read again unasked. */
export function useAuditLog(filter: AuditFilter) {
  return useInfiniteQuery({
    queryKey: [...AUDIT_LOG, filter],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...filter, limit: 100, ...(pageParam ? { cursor: pageParam } : {}) };
      return unwrap(client.GET('/api/v1/audit/logs', { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 5 * 60_000,
  });
}
