import type { TimelineEntry } from '@/shared/api/types';
import { Moment } from '@/shared/time/Moment';
import { type Change, changeWords, happened } from '../words';

/** Everything that ever happened to an alert, the last first. */
export function History({ entries, me }: { entries: readonly TimelineEntry[]; me: string | null }) {
  return (
    <ol className="flex flex-col">
      {[...entries].reverse().map((entry) => (
        <li key={entry.version} className="relative border-l border-line pb-3 pl-4 last:pb-0">
          <span
            aria-hidden="true"
            className={`absolute top-1.5 -left-[4.5px] size-2 rounded-full ring-2 ring-panel ${entry.action === 'breached' ? 'bg-critical-mark' : 'bg-control'}`}
          />
          <span className="flex flex-wrap justify-between gap-x-3">
            <span className="font-medium" title={entry.actor}>
              {happened(entry, me)}
            </span>
            <span className="text-xs text-faint">
              <Moment at={entry.at} />
            </span>
          </span>
          {entry.note && (
            <p className="mt-0.5 rounded-sm bg-canvas px-2.5 py-1.5 whitespace-pre-line">{entry.note}</p>
          )}
          <Changes changes={entry.changes} />
        </li>
      ))}
    </ol>
  );
}

function Changes({ changes }: { changes: TimelineEntry['changes'] }) {
  const told = Object.entries(changes).flatMap(([name, change]) => {
    const words = changeWords(name, change as Change);
    return words ? [words] : [];
  });
  return told.length > 0 && <p className="text-xs text-faint">{told.join(' · ')}</p>;
}
