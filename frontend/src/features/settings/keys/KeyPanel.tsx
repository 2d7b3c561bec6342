import Button from '@mui/material/Button';
import { useState } from 'react';
import type { ApiKey } from '@/shared/api/types';
import { Moment } from '@/shared/time/Moment';
import { ConfirmDialog } from '@/shared/ui/dialogs/ConfirmDialog';
import { Fact, Facts } from '@/shared/ui/panels/Facts';
import { SidePanel } from '@/shared/ui/panels/SidePanel';
import { KeyState, LastUsed, stateOf } from './columns';
import { useKeyActions } from './useKeyActions';

/** One key: what it may do, when it was used, and the way to end it. */
export function KeyPanel({ apiKey: key, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const { revoke } = useKeyActions();
  const [asking, setAsking] = useState(false);
  const footer = stateOf(key, Date.now()) === 'in use' && (
    <Button variant="outlined" color="error" onClick={() => setAsking(true)}>
      Revoke…
    </Button>
  );
  return (
    <SidePanel title={key.name} onClose={onClose} footer={footer}>
      <Facts>
        <Fact name="State">
          <KeyState of={key} />
        </Fact>
        <Fact name="Begins with">
          <span className="font-mono text-xs">{key.prefix}…</span>
        </Fact>
        <Fact name="Scopes">
          {key.scopes.map((scope) => (
            <span key={scope} className="block font-mono text-xs">
              {scope}
            </span>
          ))}
        </Fact>
        <Fact name="Event ids of">{key.event_source}</Fact>
        <Fact name="Last used">
          <LastUsed of={key} />
        </Fact>
        <Fact name="Made">
          <Moment at={key.created_at} />
          <span className="block text-muted">by {key.created_by}</span>
        </Fact>
        <Fact name="Expires">{key.expires_at ? <Moment at={key.expires_at} /> : 'never'}</Fact>
        {key.revoked_at && (
          <Fact name="Revoked">
            <Moment at={key.revoked_at} />
            {key.revoked_by && <span className="block text-muted">by {key.revoked_by}</span>}
          </Fact>
        )}
      </Facts>
      {asking && (
        <ConfirmDialog
          title={`Revoke the key ${key.name}?`}
          action="Revoke"
          grave
          busy={revoke.isPending}
          error={revoke.error}
          onClose={() => setAsking(false)}
          onConfirm={() => revoke.mutate(key.id, { onSuccess: () => setAsking(false) })}
        >
          <p className="text-muted">
            Whatever uses it is refused from now on, and it cannot be undone. Make the next key first.
          </p>
        </ConfirmDialog>
      )}
    </SidePanel>
  );
}
