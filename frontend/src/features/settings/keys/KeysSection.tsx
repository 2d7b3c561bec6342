import Button from '@mui/material/Button';
import { lazy, Suspense, useMemo, useState } from 'react';
import { Icon } from '@/shared/ui/Icon';
import { Notice } from '@/shared/ui/notices/Notice';
import { DataTable } from '@/shared/ui/table/DataTable';
import { Pane } from '../Pane';
import { KEY_COLUMNS, KeyState, LastUsed } from './columns';
import { KeyPanel } from './KeyPanel';
import { NewKeyDialog } from './NewKeyDialog';
import { useApiKeys } from './useApiKeys';

const SecretDialog = lazy(() => import('@/shared/ui/dialogs/SecretDialog'));

/** Keys of machines: what sends events, reads scores, keeps lists. */
export default function KeysSection() {
  const keys = useApiKeys();
  const rows = useMemo(() => keys.data?.pages.flatMap((page) => page.items) ?? [], [keys.data]);
  const [selected, setSelected] = useState<string>();
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<{ id: string; key: string }>();
  const key = rows.find((row) => row.id === selected);
  const make = (
    <Button variant="contained" startIcon={<Icon name="plus" size={14} />} onClick={() => setMaking(true)}>
      New key
    </Button>
  );
  return (
    <Pane
      title="API keys"
      about="What machines send instead of a password. A key has scopes, never decisions: those stay with people."
      action={make}
    >
      <div className="flex min-h-0 flex-1 gap-4">
        <div className="flex min-w-0 flex-1 flex-col overflow-hidden rounded-md border border-line bg-panel">
          <DataTable
            label="API keys, newest first"
            columns={KEY_COLUMNS}
            rows={rows}
            rowId={(row) => row.id}
            query={keys}
            empty={
              <Notice title="There are no keys" action={make}>
                Make one for each machine that sends events or reads scores.
              </Notice>
            }
            card={(row) => (
              <span className="block">
                <span className="flex items-center gap-2">
                  <span className="truncate font-medium">{row.name}</span> <KeyState of={row} />
                  <span className="ml-auto text-xs text-faint">
                    used <LastUsed of={row} />
                  </span>
                </span>
                <span className="block truncate text-muted">{row.scopes.join(', ')}</span>
              </span>
            )}
            selected={selected}
            onSelect={setSelected}
          />
        </div>
        {key && <KeyPanel key={key.id} apiKey={key} onClose={() => setSelected(undefined)} />}
      </div>
      {making && <NewKeyDialog onClose={() => setMaking(false)} onMade={setMade} />}
      {made && (
        <Suspense>
          <SecretDialog
            title="Your new key"
            label="key"
            secret={made.key}
            onClose={() => {
              setSelected(made.id);
              setMade(undefined);
            }}
          >
            Store it where the machine finds it. It is shown this once: nobody can see it again, and whoever
            has it can do what it may do.
          </SecretDialog>
        </Suspense>
      )}
    </Pane>
  );
}
