import type { UserDetail } from '@/shared/api/types';
import { Age } from '@/shared/time/Age';
import { Day } from '@/shared/time/Moment';
import { Tag } from '@/shared/ui/Tag';
import type { Column } from '@/shared/ui/table/columns';

const LOOKS = { active: 'good', invited: 'warn', disabled: 'bad' } as const;
const WORDS = { active: 'Active', invited: 'Invited', disabled: 'Closed' } as const;

/** Whether someone can sign in. */
export function UserStatus({ user }: { user: UserDetail }) {
  return <Tag look={LOOKS[user.status]}>{WORDS[user.status]}</Tag>;
}

export const USER_COLUMNS: readonly Column<UserDetail>[] = [
  { id: 'email', header: 'Email', width: 180, grow: 1, value: (u) => u.email, cell: (u) => u.email },
  {
    id: 'role',
    header: 'Role',
    width: 80,
    value: (u) => u.role,
    cell: (u) => <span className="capitalize">{u.role}</span>,
  },
  { id: 'status', header: 'Status', width: 76, value: (u) => u.status, cell: (u) => <UserStatus user={u} /> },
  {
    id: 'reset',
    header: 'Asked for a password',
    width: 136,
    from: 720,
    value: (u) => u.reset_requested_at,
    cell: (u) =>
      u.reset_requested_at ? (
        <Age at={u.reset_requested_at} suffix=" ago" />
      ) : (
        <span className="text-faint">–</span>
      ),
  },
  {
    id: 'created',
    header: 'Since',
    width: 88,
    value: (u) => u.created_at,
    cell: (u) => <Day at={u.created_at} />,
  },
];
