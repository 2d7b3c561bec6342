import Button from '@mui/material/Button';
import { useState } from 'react';
import type { DeliveryStatus, Webhook } from '@/shared/api/types';
import { plural } from '@/shared/format/number';
import { Segments } from '@/shared/ui/fields/Segments';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { DeliveryState, DeliveryStory, When } from './columns';
import { useDeliveries } from './useDeliveries';
import type { useWebhookActions } from './useWebhookActions';

const SHOWN = [
  { value: 'all', label: 'All' },
  { value: 'pending', label: 'Waiting' },
  { value: 'dead', label: 'Given up' },
] as const;
type Shown = (typeof SHOWN)[number]['value'];

interface Props {
  webhook: Webhook;
  actions: ReturnType<typeof useWebhookActions>;
}

/** What a receiver was sent in the last 30 days, newest first, and the way to send it again. */
export function Deliveries({ webhook, actions: { replay, replayDead } }: Props) {
  const [shown, setShown] = useState<Shown>('all');
  const log = useDeliveries(webhook.id, shown === 'all' ? undefined : (shown as DeliveryStatus));
  const items = log.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <Segments label="Which deliveries" value={shown} options={SHOWN} onChange={setShown} />
        {shown === 'dead' && items.length > 0 && (
          <Button loading={replayDead.isPending} onClick={() => replayDead.mutate()}>
            Send all again
          </Button>
        )}
        {replayDead.data && (
          <span role="status" className="text-muted">
            {plural(replayDead.data.replayed, 'message')} sent again
          </span>
        )}
      </div>
      {log.isPending && <SkeletonLines lines={3} />}
      {log.error && <ProblemNotice error={log.error} onRetry={() => void log.refetch()} />}
      {log.isSuccess && items.length === 0 && (
        <p className="text-muted">
          {shown === 'all' ? 'It was sent nothing yet. Send a test to see whether it answers.' : 'None.'}
        </p>
      )}
      <ul aria-label="Deliveries">
        {items.map((item) => (
          <li
            key={item.id}
            data-delivery={item.status}
            className="grid grid-cols-[1fr_auto] items-center gap-x-3 border-b border-line py-1.5 last:border-0"
          >
            <span className="min-w-0">
              <span className="flex items-center gap-2">
                <DeliveryState of={item} /> <span className="font-mono text-xs">{item.event}</span>
                <span className="ml-auto text-xs text-faint">
                  <When of={item} />
                </span>
              </span>
              <span className="block truncate text-xs text-muted">
                <DeliveryStory of={item} />
              </span>
            </span>
            <Button
              aria-label={`Send ${item.event} again`}
              disabled={item.status === 'pending'}
              onClick={() => replay.mutate(item.id)}
            >
              Again
            </Button>
          </li>
        ))}
      </ul>
      {log.hasNextPage && (
        <Button loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
          Load more
        </Button>
      )}
    </>
  );
}
