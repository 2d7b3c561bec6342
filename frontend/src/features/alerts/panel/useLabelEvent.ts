import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import type { AlertDetail } from '@/shared/api/types';
import { eventParams, eventRef } from '@/shared/risk/eventRef';
import { alertKey } from './useAlert';

interface Wanted {
  event: string;
  fraud: boolean;
}

/** Says what an event of an alert turned out to be. The label goes through the stream; it is shown as soon as it is sent. */
export function useLabelEvent(alertId: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ event, fraud }: Wanted) =>
      unwrap(
        client.POST('/api/v1/risk/{event_id}/label', {
          params: eventParams(event),
          body: { fraud },
        }),
      ),
    onSuccess: (_, { event, fraud }) => {
      cache.setQueryData<AlertDetail>(
        alertKey(alertId),
        (detail) =>
          detail && {
            ...detail,
            events: detail.events.map((each) => (eventRef(each) === event ? { ...each, fraud } : each)),
          },
      );
    },
  });
}
