import Button from '@mui/material/Button';
import { useMemo, useState } from 'react';
import { useMay } from '@/shared/session/useMay';
import { Icon } from '@/shared/ui/Icon';
import { Notice } from '@/shared/ui/notices/Notice';
import { DataTable } from '@/shared/ui/table/DataTable';
import { Pane } from '../Pane';
import { DEFINITION_COLUMNS, StatusTag } from './columns';
import { DefinitionDialog } from './DefinitionDialog';
import { DefinitionPanel } from './DefinitionPanel';
import { inWords } from './definition';
import { useDefinitions } from './useDefinitions';

/** Features that users define: counts, sums and the like over a key's events in a window. */
export default function FeaturesSection() {
  const definitions = useDefinitions();
  const rows = useMemo(() => definitions.data?.pages.flatMap((page) => page.items) ?? [], [definitions.data]);
  const [selected, setSelected] = useState<string>();
  const [making, setMaking] = useState(false);
  const make = useMay('rules:draft') && (
    <Button variant="contained" startIcon={<Icon name="plus" size={14} />} onClick={() => setMaking(true)}>
      New feature
    </Button>
  );
  return (
    <Pane
      title="Features"
      about="What rules, models and reasons know of a key beside what ships. A draft has no effect; backfilled, the engine computes it over all stored events; live, it can be used."
      action={make}
    >
      <div className="flex min-h-0 flex-1 gap-4">
        <div className="flex min-w-0 flex-1 flex-col overflow-hidden rounded-md border border-line bg-panel">
          <DataTable
            label="Features by name"
            columns={DEFINITION_COLUMNS}
            rows={rows}
            rowId={(row) => row.id}
            query={definitions}
            empty={
              <Notice title="There are no features of your own" action={make}>
                Define one: how many accounts used a device in 7 days, what an account pays on average.
              </Notice>
            }
            card={(row) => (
              <span className="block">
                <span className="flex items-center gap-2">
                  <span className="truncate font-mono text-xs">features.{row.name}</span>{' '}
                  <StatusTag status={row.status} />
                </span>
                <span className="block truncate text-muted">{inWords(row.latest)}</span>
              </span>
            )}
            selected={selected}
            onSelect={setSelected}
          />
        </div>
        {selected && <DefinitionPanel key={selected} id={selected} onClose={() => setSelected(undefined)} />}
      </div>
      {making && (
        <DefinitionDialog
          onClose={() => setMaking(false)}
          onSaved={(id) => {
            setMaking(false);
            setSelected(id);
          }}
        />
      )}
    </Pane>
  );
}
