import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

/** The newest stored assessments, of one account if it is given, to pick one from. */
export function useRecent(account: string) {
  return useQuery({
    queryKey: ['recent-assessments', account],
    queryFn: ({ signal }) => {
      const query = { limit: 50, ...(account ? { account_id: account } : {}) };
      return unwrap(client.GET('/api/v1/risk/history', { params: { query }, signal }));
    },
    select: (page) => page.items,
  });
}
