import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

/** What expressions may speak of: fields, features, functions. It changes with the software, and with the features that users define. */
export function useRuleNames() {
  return useQuery({
    queryKey: ['rule-names'],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/rules/names', { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
