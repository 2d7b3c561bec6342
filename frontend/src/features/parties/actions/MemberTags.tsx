import { Link } from '@tanstack/react-router';
import type { components } from '@/shared/api/schema';
import { Tag } from '@/shared/ui/Tag';

type Membership = components['schemas']['Membership'];

/** The lists that it is on, each with why and until when. */
export function MemberTags({ members }: { members: readonly Membership[] }) {
  if (members.length === 0) return null;
  return (
    <ul aria-label="On the lists" className="flex flex-wrap gap-2">
      {members.map((each) => (
        <li key={`${each.list_name} ${each.value}`}>
          <Link
            to="/lists"
            search={{ list: each.list_name, text: each.value }}
            title={`${each.value}: ${each.reason}, by ${each.added_by}${each.expires_at ? `, until ${each.expires_at.slice(0, 10)}` : ''}`}
          >
            <Tag>{`${each.purpose === 'deny' ? 'blocked' : each.purpose === 'allow' ? 'allowed' : 'watched'} by ${each.list_name}`}</Tag>
          </Link>
        </li>
      ))}
    </ul>
  );
}
