import type { Evidence } from './types';

/** Of the element that holds a piece of evidence. */
export const evidenceId = (scope: string, id: string): string => `evidence-${scope}-${id}`;

interface Props {
  evidence: readonly Evidence[];
  scope: string;
  cited: string | null;
  onCite: (id: string | null) => void;
}

/** The evidence that sentences cite. */
export function Sources({ evidence, scope, cited, onCite }: Props) {
  return (
    <details className="group" open>
      <summary className="cursor-pointer font-medium text-muted">Evidence ({evidence.length})</summary>
      <ol className="mt-1.5 flex flex-col">
        {evidence.map((each) => (
          <li
            key={each.id}
            id={evidenceId(scope, each.id)}
            data-cited={cited === each.id || undefined}
            onMouseEnter={() => onCite(each.id)}
            onMouseLeave={() => onCite(null)}
            className={`grid grid-cols-[2rem_1fr] gap-x-2 border-b border-line py-1.5 last:border-0 ${cited === each.id ? 'bg-accent-wash shadow-[inset_2px_0_0] shadow-accent' : ''}`}
          >
            <span className="pl-1.5 text-2xs font-medium text-muted">{each.id}</span>
            <span className="min-w-0">
              <span className="font-medium">{each.title}</span>{' '}
              <span className="text-faint">{each.kind}</span>
              <span className="block break-words text-muted">{each.text}</span>
              {each.link && (
                <a
                  className="text-accent underline underline-offset-2"
                  href={each.link}
                  {...(each.link.startsWith('/') ? {} : { target: '_blank', rel: 'noreferrer' })}
                >
                  Open
                </a>
              )}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}
