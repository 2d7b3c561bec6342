import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

/** One version with its manifest, which never changes. */
export function useModel(version: string | undefined) {
  return useQuery({
    queryKey: ['model', version],
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/models/{version}', { params: { path: { version: version ?? '' } }, signal }),
      ),
    enabled: version !== undefined,
    staleTime: 5 * 60_000,
  });
}
