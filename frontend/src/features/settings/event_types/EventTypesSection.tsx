import Button from '@mui/material/Button';
import { useState } from 'react';
import type { EventTypeEntry } from '@/shared/api/types';
import { useEventTypes } from '@/shared/risk/useEventTypes';
import { useMay } from '@/shared/session/useMay';
import { Icon } from '@/shared/ui/Icon';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { DataTable } from '@/shared/ui/table/DataTable';
import { Pane } from '../Pane';
import { EVENT_TYPE_COLUMNS } from './columns';
import { EventTypeDialog } from './EventTypeDialog';
import { UnregisteredTypes } from './UnregisteredTypes';

const NONE: EventTypeEntry[] = [];

/** How events of each type are understood, and the types that came although nobody has registered them. */
export default function EventTypesSection() {
  const types = useEventTypes();
  const may = useMay('config:write');
  const [edited, setEdited] = useState<Partial<EventTypeEntry>>();
  const rows = types.data?.items ?? NONE;
  const action = may && (
    <Button variant="contained" startIcon={<Icon name="plus" size={14} />} onClick={() => setEdited({})}>
      New event type
    </Button>
  );
  return (
    <Pane
      title="Event types"
      about="Any lower_snake.dotted word can be sent. A registered type has a family, a noun for sentences, and money that moves one way or none. Changes are in force within a second; what is scored already stays as it is."
      action={action}
    >
      {types.error && !types.data && (
        <ProblemNotice error={types.error} onRetry={() => void types.refetch()} />
      )}
      {types.data && types.data.unregistered.length > 0 && (
        <UnregisteredTypes
          types={types.data.unregistered}
          onRegister={may ? (name) => setEdited({ name }) : undefined}
        />
      )}
      <div className="flex min-h-0 min-w-0 flex-1 flex-col overflow-hidden rounded-md border border-line bg-panel">
        <DataTable
          label="Event types"
          columns={EVENT_TYPE_COLUMNS}
          rows={rows}
          rowId={(row) => row.name}
          query={types}
          empty="No event type is registered."
          card={(row) => (
            <span className="block">
              <span className="font-mono text-xs">{row.name}</span>{' '}
              <span className="text-muted">
                {row.family}, {row.noun}
              </span>
            </span>
          )}
          selected={edited?.name}
          onSelect={(name) => may && setEdited(rows.find((row) => row.name === name))}
        />
      </div>
      {edited && <EventTypeDialog type={edited} onClose={() => setEdited(undefined)} />}
    </Pane>
  );
}
