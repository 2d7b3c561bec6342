import { Link } from '@tanstack/react-router';
import type { Tagged } from '@/shared/api/client';
import type { RuleDetail } from '@/shared/api/types';
import { Age } from '@/shared/time/Age';
import { RuleActions } from './RuleActions';
import { Lifecycle } from './versions/Lifecycle';

/** Which rule it is, where it stands, and where it may go. */
export function RuleHeader(tagged: Tagged<RuleDetail>) {
  const { data: rule } = tagged;
  const last = rule.stages[0];
  return (
    <header className="rounded-md border border-line bg-panel px-4 py-3">
      <nav aria-label="Breadcrumb" className="mb-1 text-xs text-faint">
        <Link to="/rules" className="text-accent underline-offset-2 hover:underline">
          Rules
        </Link>{' '}
        / {rule.latest.owner}
      </nav>
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
        <h1 className="font-mono text-md font-semibold">{rule.name}</h1>
        <Lifecycle rule={rule} />
        {last && (
          <p className="text-xs text-faint">
            <Age at={last.changed_at} suffix=" ago" /> by {last.changed_by}: {last.reason}
          </p>
        )}
      </div>
      <div className="mt-3">
        <RuleActions {...tagged} />
      </div>
    </header>
  );
}
