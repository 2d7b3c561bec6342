import { useStore } from '@/shared/store';
import { Kbd } from '@/shared/ui/Kbd';
import { autoAdvance } from '../actions/autoAdvance';

const KEYS = [
  { keys: ['J', 'K'], does: 'move' },
  { keys: ['A'], does: 'acknowledge', acts: true },
  { keys: ['R'], does: 'resolve', acts: true },
  { keys: ['S'], does: 'snooze', acts: true },
  { keys: ['M'], does: 'mine', acts: true },
  { keys: ['T'], does: 'to…', acts: true },
  { keys: ['N'], does: 'next', acts: true },
  { keys: ['X'], does: 'tick', acts: true },
  { keys: ['Z'], does: 'undo', acts: true },
  { keys: ['?'], does: 'all keys' },
];

/** The keys of this screen, in sight where there is a keyboard. */
export function KeyBar({ mayAct }: { mayAct: boolean }) {
  const advance = useStore(autoAdvance);
  return (
    <footer className="hidden h-8 shrink-0 items-center gap-3 overflow-hidden border-t border-line px-4 text-xs whitespace-nowrap text-faint lg:flex">
      {KEYS.filter(({ acts }) => mayAct || !acts).map(({ keys, does }) => (
        <span key={does} className="flex items-center gap-1">
          {keys.map((key) => (
            <Kbd key={key}>{key}</Kbd>
          ))}
          {does}
        </span>
      ))}
      {mayAct && (
        <button
          type="button"
          role="switch"
          aria-checked={advance}
          onClick={() => autoAdvance.set(!advance)}
          className="ml-auto flex h-6 shrink-0 items-center gap-1.5 rounded-xs px-1"
        >
          <span
            aria-hidden="true"
            className={`flex h-3 w-5 items-center rounded-full px-0.5 ${advance ? 'justify-end bg-accent' : 'bg-control'}`}
          >
            <span className="size-2 rounded-full bg-panel" />
          </span>
          auto-advance
        </button>
      )}
    </footer>
  );
}
