import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

/** The latest assessments of an account, last scored first, 100 at most. */
export function useAccountEvents(account: string) {
  return useQuery({
    queryKey: ['account-events', account],
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/risk/history', {
          params: { query: { account_id: account, limit: 100 } },
          signal,
        }),
      ),
  });
}
