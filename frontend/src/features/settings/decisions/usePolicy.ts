import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import type { DecisionPolicy } from '@/shared/api/types';

const POLICY = ['config', 'decision-policy'] as const;
const POLICY_VERSIONS = ['config', 'decision-versions'] as const;

/** The decision policy in force, with the tag of what was read. */
export function usePolicy() {
  return useQuery({
    queryKey: POLICY,
    queryFn: async ({ signal }) => {
      let tag = '*';
      const asked = client.GET('/api/v1/decisions/policy', { signal }).then((answer) => {
        tag = answer.response.headers.get('etag') ?? '*';
        return answer;
      });
      return { inForce: await unwrap(asked), tag };
    },
  });
}

/** The newest versions that changed the policy. */
export function usePolicyVersions() {
  return useQuery({
    queryKey: POLICY_VERSIONS,
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/decisions/policy/versions', { params: { query: { limit: 50 } }, signal })),
  });
}

/** Previews a policy, puts one in force, and returns to an earlier one. */
export function usePolicyActions(tag: string) {
  const cache = useQueryClient();
  const header = { 'If-Match': tag };
  const onSuccess = () => cache.invalidateQueries({ queryKey: ['config'] });
  const preview = useMutation({
    mutationFn: (policy: DecisionPolicy) =>
      unwrap(client.POST('/api/v1/decisions/preview', { body: { policy, days: 7 } })),
  });
  const change = useMutation({
    mutationFn: (body: { policy: DecisionPolicy; reason: string }) =>
      unwrap(client.PUT('/api/v1/decisions/policy', { body, params: { header } })),
    onSuccess,
  });
  const rollBack = useMutation({
    mutationFn: (body: { version: number; reason: string }) =>
      unwrap(client.POST('/api/v1/decisions/policy/rollback', { body, params: { header } })),
    onSuccess,
  });
  return { preview, change, rollBack };
}
