import Button from '@mui/material/Button';
import { type ReactNode, useState } from 'react';
import type { Session } from '@/shared/api/types';
import { Age } from '@/shared/time/Age';
import { readings } from '@/shared/time/Moment';
import { Tag } from '@/shared/ui/Tag';

const FIRST = 5;

interface Props {
  sessions: readonly Session[];
  /** What can be done with one of them. */
  action?: (session: Session) => ReactNode;
}

/** Where somebody is signed in: of a session its times are known, and nothing of the browser. */
export function Sessions({ sessions, action }: Props) {
  const [all, setAll] = useState(false);
  const shown = all ? sessions : sessions.slice(0, FIRST);
  return (
    <>
      <ul className="divide-y divide-line">
        {shown.map((each) => (
          <li key={each.id} data-session={each.id} className="flex items-center gap-4 py-2">
            <div className="min-w-0 flex-1">
              <p className="flex items-center gap-2">
                <span>
                  Used <Age at={each.last_used_at} suffix=" ago" />
                </span>
                {each.current && <Tag look="good">This one</Tag>}
              </p>
              <p className="text-xs text-faint">Signed in {readings(new Date(each.created_at))}</p>
            </div>
            {action?.(each)}
          </li>
        ))}
      </ul>
      {shown.length < sessions.length && (
        <Button onClick={() => setAll(true)}>Show all {sessions.length}</Button>
      )}
    </>
  );
}
