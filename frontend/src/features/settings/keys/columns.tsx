import type { ApiKey } from '@/shared/api/types';
import { Age } from '@/shared/time/Age';
import { Day } from '@/shared/time/Moment';
import { Tag } from '@/shared/ui/Tag';
import type { Column } from '@/shared/ui/table/columns';

/** Whether a key still opens anything, in epoch milliseconds of now. */
export function stateOf(key: ApiKey, now: number): 'in use' | 'revoked' | 'expired' {
  if (key.revoked_at) return 'revoked';
  return key.expires_at && Date.parse(key.expires_at) <= now ? 'expired' : 'in use';
}

export function KeyState({ of: key }: { of: ApiKey }) {
  const state = stateOf(key, Date.now());
  return <Tag look={state === 'in use' ? 'good' : 'bad'}>{state}</Tag>;
}

export const LastUsed = ({ of: key }: { of: ApiKey }) =>
  key.last_used_at ? <Age at={key.last_used_at} suffix=" ago" /> : <span className="text-faint">never</span>;

export const KEY_COLUMNS: readonly Column<ApiKey>[] = [
  { id: 'name', header: 'Name', width: 140, grow: 1, value: (k) => k.name, cell: (k) => k.name },
  {
    id: 'prefix',
    header: 'Begins with',
    width: 100,
    from: 640,
    cell: (k) => <span className="font-mono text-xs">{k.prefix}…</span>,
  },
  {
    id: 'scopes',
    header: 'Scopes',
    width: 150,
    grow: 1.2,
    cell: (k) => <span title={k.scopes.join(', ')}>{k.scopes.join(', ')}</span>,
  },
  {
    id: 'event_source',
    header: 'Event ids of',
    width: 120,
    from: 960,
    value: (k) => k.event_source,
    cell: (k) => <span title={k.event_source}>{k.event_source}</span>,
  },
  { id: 'state', header: 'State', width: 72, cell: (k) => <KeyState of={k} /> },
  {
    id: 'used',
    header: 'Last used',
    width: 88,
    value: (k) => k.last_used_at,
    cell: (k) => <LastUsed of={k} />,
  },
  {
    id: 'expires',
    header: 'Expires',
    width: 88,
    from: 780,
    value: (k) => k.expires_at,
    cell: (k) => (k.expires_at ? <Day at={k.expires_at} /> : <span className="text-faint">never</span>),
  },
  {
    id: 'created',
    header: 'Made',
    width: 88,
    from: 880,
    value: (k) => k.created_at,
    cell: (k) => (
      <span title={`by ${k.created_by}`}>
        <Day at={k.created_at} />
      </span>
    ),
  },
];
