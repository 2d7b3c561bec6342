import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

export const TAGGED = ['config-tagged'] as const;

/** The configuration in force with the tag of what was read, so that nobody overwrites what they have not seen. */
export function useTaggedConfiguration() {
  return useQuery({
    queryKey: TAGGED,
    queryFn: async ({ signal }) => {
      let tag = '*';
      const asked = client.GET('/api/v1/config', { signal }).then((answer) => {
        tag = answer.response.headers.get('etag') ?? '*';
        return answer;
      });
      return { configuration: await unwrap(asked), tag };
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}
