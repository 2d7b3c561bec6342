import Button from '@mui/material/Button';
import type { UnregisteredEventType } from '@/shared/api/types';
import { Age } from '@/shared/time/Age';

interface Props {
  types: readonly UnregisteredEventType[];
  /** Left out where the reader may not. */
  onRegister: ((name: string) => void) | undefined;
}

/** Types that events came with although they are not registered: they were scored as other. */
export function UnregisteredTypes({ types, onRegister }: Props) {
  return (
    <section
      aria-label="Unregistered event types"
      className="mb-3 max-h-56 shrink-0 overflow-y-auto rounded-md border border-medium bg-medium-wash px-4 py-3"
    >
      <h2 className="mb-1 font-semibold">Unregistered types</h2>
      <p className="mb-2 text-muted">
        Events of these types were scored as <em>other</em>, and their amounts were compared with nothing.
      </p>
      <ul className="flex flex-col gap-1">
        {types.map((type) => (
          <li key={type.name} className="flex flex-wrap items-center gap-x-3">
            <span className="min-w-40 font-mono text-xs">{type.name}</span>
            <span className="tabular-nums">
              {type.events.toLocaleString('en')} {type.events === 1 ? 'event' : 'events'}
            </span>
            <span className="text-muted">
              last scored <Age at={type.last_scored_at} suffix=" ago" />
            </span>
            {onRegister && (
              <Button size="small" onClick={() => onRegister(type.name)}>
                Register {type.name}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
