import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

export const LAST_VERIFICATION = ['audit-last-verification'] as const;

export interface LastVerification {
  at: string;
  ok: boolean;
  /** The last record that was in order, and with it all before. */
  verified: number;
}

/** When the log was verified last, and how far; null when it never was. */
export function useLastVerification() {
  return useQuery({
    queryKey: LAST_VERIFICATION,
    queryFn: async ({ signal }): Promise<LastVerification | null> => {
      const query = { action: 'verify_audit_log', limit: 1 };
      const { items } = await unwrap(client.GET('/api/v1/audit/logs', { params: { query }, signal }));
      const last = items.find((item) => item.outcome !== 'refused');
      if (!last) return null;
      return { at: last.at, ok: last.outcome === 'success', verified: Number(last.details.verified ?? 0) };
    },
    staleTime: 5 * 60_000,
  });
}
