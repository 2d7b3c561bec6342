import { Link } from '@tanstack/react-router';
import { count } from '@/shared/format/number';
import { useAlertStats } from '@/shared/risk/useAlertStats';
import { Icon, type IconName } from '@/shared/ui/Icon';

const ENTRIES = [
  { to: '/live', name: 'Live', icon: 'live' },
  { to: '/alerts', name: 'Alerts', icon: 'alerts' },
] as const satisfies readonly { to: string; name: string; icon: IconName }[];

export function Navigation({ className }: { className: string }) {
  const open = useAlertStats().data?.open ?? 0;
  return (
    <nav aria-label="Main" className={className}>
      {ENTRIES.map((entry) => (
        <Link
          key={entry.to}
          to={entry.to}
          className="relative flex items-center gap-2 px-3 font-medium text-muted hover:text-strong"
          activeProps={{
            className:
              'text-strong! after:absolute after:inset-x-3 after:h-0.5 after:bg-accent max-sm:after:top-0 sm:after:bottom-0',
          }}
        >
          <Icon name={entry.icon} size={15} />
          {entry.name}
          {entry.to === '/alerts' && open > 0 && (
            <span className="rounded-xs bg-sunken px-1.5 text-xs font-medium text-muted">
              {count(open)}
              <span className="sr-only"> open</span>
            </span>
          )}
        </Link>
      ))}
    </nav>
  );
}
