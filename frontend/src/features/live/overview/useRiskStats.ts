import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

export const WINDOW_MINUTES = 60;

/** Counts by level for each of the last 60 minutes; fetched again when a minute closes. */
export function useRiskStats() {
  return useQuery({
    queryKey: ['risk-stats', WINDOW_MINUTES],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/risk/stats', { params: { query: { minutes: WINDOW_MINUTES } }, signal })),
  });
}
