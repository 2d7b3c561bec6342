import Button from '@mui/material/Button';
import { lazy, Suspense, useState } from 'react';
import type { Webhook, WebhookWithSecret } from '@/shared/api/types';
import { Icon } from '@/shared/ui/Icon';
import { Notice } from '@/shared/ui/notices/Notice';
import { DataTable } from '@/shared/ui/table/DataTable';
import { Pane } from '../Pane';
import { WEBHOOK_COLUMNS, WebhookState } from './columns';
import { NewWebhookDialog } from './NewWebhookDialog';
import { useWebhooks } from './useWebhooks';
import { WebhookPanel } from './WebhookPanel';

const SecretDialog = lazy(() => import('@/shared/ui/dialogs/SecretDialog'));
const NONE: Webhook[] = [];

/** Other systems that are told of alerts, and how telling them goes. */
export default function WebhooksSection() {
  const webhooks = useWebhooks();
  const rows = webhooks.data?.items ?? NONE;
  const [selected, setSelected] = useState<string>();
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<WebhookWithSecret>();
  const webhook = rows.find((row) => row.id === selected);
  const make = (
    <Button variant="contained" startIcon={<Icon name="plus" size={14} />} onClick={() => setMaking(true)}>
      New webhook
    </Button>
  );
  const onMade = (next: WebhookWithSecret) => {
    setSelected(next.id);
    if (next.secret) setMade(next);
  };
  return (
    <Pane
      title="Webhooks"
      about="Systems that are told of alerts. Messages are signed, come at least once, and are tried again for 24 hours."
      action={make}
    >
      <div className="flex min-h-0 flex-1 gap-4">
        <div className="flex min-w-0 flex-1 flex-col overflow-hidden rounded-md border border-line bg-panel">
          <DataTable
            label="Webhooks"
            columns={WEBHOOK_COLUMNS}
            rows={rows}
            rowId={(row) => row.id}
            query={webhooks}
            empty={
              <Notice title="Nobody is told of alerts yet" action={make}>
                A chat channel, a case system or a program of your own can be.
              </Notice>
            }
            card={(row) => (
              <span className="block">
                <span className="flex items-center gap-2">
                  <span className="truncate font-medium">{row.name}</span> <WebhookState of={row} />
                </span>
                <span className="block truncate font-mono text-xs text-muted">{row.url}</span>
              </span>
            )}
            selected={selected}
            onSelect={setSelected}
          />
        </div>
        {webhook && (
          <WebhookPanel
            key={webhook.id}
            webhook={webhook}
            onSecret={setMade}
            onClose={() => setSelected(undefined)}
          />
        )}
      </div>
      {making && <NewWebhookDialog onClose={() => setMaking(false)} onMade={onMade} />}
      {made?.secret && (
        <Suspense>
          <SecretDialog
            title={`The secret of ${made.name}`}
            label="secret"
            secret={made.secret}
            onClose={() => setMade(undefined)}
          >
            The receiver verifies messages with it, by any library of Standard Webhooks. It is shown this
            once; a new one can be made at any time.
          </SecretDialog>
        </Suspense>
      )}
    </Pane>
  );
}
