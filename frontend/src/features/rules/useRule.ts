import { useQuery } from '@tanstack/react-query';
import { client, unwrapTagged } from '@/shared/api/client';

export const ruleKey = (id: string) => ['rule', id] as const;

/** A rule with its versions and stages, and the tag by which a change says what it was made from. */
export function useRule(id: string) {
  return useQuery({
    queryKey: ruleKey(id),
    queryFn: ({ signal }) =>
      unwrapTagged(client.GET('/api/v1/rules/{rule_id}', { params: { path: { rule_id: id } }, signal })),
  });
}
