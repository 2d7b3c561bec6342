import Button from '@mui/material/Button';
import { useMemo, useState } from 'react';
import { Icon } from '@/shared/ui/Icon';
import { Notice } from '@/shared/ui/notices/Notice';
import { DataTable } from '@/shared/ui/table/DataTable';
import { Pane } from '../Pane';
import { USER_COLUMNS, UserStatus } from './columns';
import { InviteDialog } from './InviteDialog';
import { UserPanel } from './UserPanel';
import { useUsers } from './useUsers';

/** The people who may come in, and what each may do. */
export default function UsersSection() {
  const users = useUsers();
  const rows = useMemo(() => users.data?.pages.flatMap((page) => page.items) ?? [], [users.data]);
  const [selected, setSelected] = useState<string>();
  const [inviting, setInviting] = useState(false);
  const user = rows.find((row) => row.id === selected);
  return (
    <Pane
      title="Users"
      about="Who may come in, and as what. A change acts at once, on whoever is signed in too. Nobody is deleted: what they did keeps its name."
      action={
        <Button
          variant="contained"
          startIcon={<Icon name="plus" size={14} />}
          onClick={() => setInviting(true)}
        >
          Invite
        </Button>
      }
    >
      <div className="flex min-h-0 flex-1 gap-4">
        <div className="flex min-w-0 flex-1 flex-col overflow-hidden rounded-md border border-line bg-panel">
          <DataTable
            label="Users, by address"
            columns={USER_COLUMNS}
            rows={rows}
            rowId={(row) => row.id}
            query={users}
            empty={<Notice title="Nobody is here yet" />}
            card={(row) => (
              <span className="block">
                <span className="block truncate font-medium">{row.email}</span>
                <span className="flex items-center gap-2 text-muted">
                  <span className="capitalize">{row.role}</span> <UserStatus user={row} />
                </span>
              </span>
            )}
            selected={selected}
            onSelect={setSelected}
          />
        </div>
        {user && <UserPanel key={user.id} user={user} onClose={() => setSelected(undefined)} />}
      </div>
      {inviting && (
        <InviteDialog onClose={() => setInviting(false)} onInvited={({ id }) => setSelected(id)} />
      )}
    </Pane>
  );
}
