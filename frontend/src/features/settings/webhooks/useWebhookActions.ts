import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client, done, unwrap } from '@/shared/api/client';
import type { NewWebhook, Webhook, WebhookChange } from '@/shared/api/types';
import { deliveriesOf } from './useDeliveries';
import { WEBHOOKS } from './useWebhooks';

const at = (id: string) => ({ path: { webhook_id: id } });

/** Makes a receiver of alerts. */
export function useNewWebhook() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: NewWebhook) => unwrap(client.POST('/api/v1/webhooks', { body })),
    onSuccess: () => cache.invalidateQueries({ queryKey: WEBHOOKS }),
  });
}

/** What can be done with one receiver. */
export function useWebhookActions(webhook: Webhook) {
  const cache = useQueryClient();
  const { id } = webhook;
  const renew = () =>
    Promise.all([
      cache.invalidateQueries({ queryKey: WEBHOOKS }),
      cache.invalidateQueries({ queryKey: deliveriesOf(id) }),
    ]);
  const change = useMutation({
    mutationFn: (part: Partial<WebhookChange>) => {
      const { name, events, enabled } = webhook;
      const body = { name, events, enabled, ...part };
      return unwrap(client.PUT('/api/v1/webhooks/{webhook_id}', { params: at(id), body }));
    },
    onSuccess: renew,
  });
  const rotate = useMutation({
    mutationFn: () => unwrap(client.POST('/api/v1/webhooks/{webhook_id}/rotate', { params: at(id) })),
    onSuccess: renew,
  });
  const test = useMutation({
    mutationFn: () => unwrap(client.POST('/api/v1/webhooks/{webhook_id}/test', { params: at(id) })),
    onSuccess: renew,
  });
  const replay = useMutation({
    mutationFn: (delivery: string) =>
      unwrap(
        client.POST('/api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/replay', {
          params: { path: { webhook_id: id, delivery_id: delivery } },
        }),
      ),
    onSuccess: renew,
  });
  const replayDead = useMutation({
    mutationFn: () => unwrap(client.POST('/api/v1/webhooks/{webhook_id}/replay-dead', { params: at(id) })),
    onSuccess: renew,
  });
  const remove = useMutation({
    mutationFn: () => done(client.DELETE('/api/v1/webhooks/{webhook_id}', { params: at(id) })),
    onSuccess: () => cache.invalidateQueries({ queryKey: WEBHOOKS }),
  });
  return { change, rotate, test, replay, replayDead, remove };
}
