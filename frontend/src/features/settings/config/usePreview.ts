import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import type { Thresholds } from '@/shared/api/types';

/** What `thresholds` would have made of the last week's events; the last answer stays while the next is counted. */
export function usePreview(thresholds: Thresholds) {
  return useQuery({
    queryKey: ['config-preview', thresholds],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/config/preview', { params: { query: thresholds }, signal })),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}
