import { Link } from '@tanstack/react-router';
import { count } from '@/shared/format/number';
import { useAlertStats } from '@/shared/risk/useAlertStats';
import { useDeadLetterStats } from '@/shared/risk/useDeadLetterStats';
import { Icon } from '@/shared/ui/Icon';
import type { Entry } from './entries';

/** The way to a screen; beside those of alerts and dead letters, how many are open. */
export function NavigationLink({ entry }: { entry: Entry }) {
  return (
    <Link
      to={entry.to}
      className="relative flex items-center gap-2 px-2.5 font-medium text-muted hover:text-strong max-lg:flex-1 max-lg:flex-col max-lg:justify-center max-lg:gap-0.5 max-lg:text-2xs xl:px-3"
      activeProps={{
        className:
          'text-strong! after:absolute after:inset-x-2.5 after:h-0.5 after:bg-accent max-lg:after:top-0 lg:after:bottom-0',
      }}
    >
      <span className="contents lg:max-xl:hidden">
        <Icon name={entry.icon} size={15} />
      </span>
      {entry.name}
      {entry.to === '/alerts' && <OpenAlerts />}
      {entry.to === '/dead-letters' && <OpenDeadLetters />}
    </Link>
  );
}

function OpenAlerts() {
  return <Open open={useAlertStats().data?.open ?? 0} />;
}

function OpenDeadLetters() {
  return <Open open={useDeadLetterStats().data?.open ?? 0} />;
}

function Open({ open }: { open: number }) {
  if (open === 0) return null;
  return (
    <span className="rounded-xs bg-sunken px-1.5 text-xs font-medium text-muted max-lg:absolute max-lg:top-1 max-lg:left-[calc(50%+0.5rem)] max-lg:text-2xs">
      {count(open)}
      <span className="sr-only"> open</span>
    </span>
  );
}
