import { useQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import { daysAgo } from '../daysAgo';

/** What the two in force predicted in the last so many days, beside what came true. */
export function useCalibration(days: number) {
  return useQuery({
    queryKey: ['models', 'calibration', days],
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/models/calibration', { params: { query: { from: daysAgo(days) } }, signal }),
      ),
    placeholderData: (before) => before,
  });
}
