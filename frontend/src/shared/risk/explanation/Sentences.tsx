import { evidenceId } from './Sources';
import type { Sentence } from './types';

interface Props {
  sentences: readonly Sentence[];
  /** Of the explanation whose evidence is cited. */
  scope: string;
  list?: boolean;
  cited?: string | null;
  /** Left out while the evidence is not there to go to. */
  onCite?: ((id: string | null) => void) | undefined;
}

/** Sentences with their citations, as text or as points. */
export function Sentences({ sentences, scope, list = false, cited = null, onCite }: Props) {
  const parts = sentences.map((each) => ({
    key: each.text,
    content: (
      <>
        {each.text}{' '}
        {each.cites.map((id) =>
          onCite ? (
            <Citation key={id} id={id} scope={scope} cited={cited === id} onCite={onCite} />
          ) : (
            <span key={id} className={`${MARK} ${QUIET}`}>
              {id}
            </span>
          ),
        )}
      </>
    ),
  }));
  if (!list)
    return (
      <p>
        {parts.map(({ key, content }) => (
          <span key={key}>{content} </span>
        ))}
      </p>
    );
  return (
    <ul className="flex flex-col gap-1">
      {parts.map(({ key, content }) => (
        <li
          key={key}
          className="relative pl-3.5 before:absolute before:top-2 before:left-0.5 before:size-1.5 before:rounded-full before:bg-control"
        >
          {content}
        </li>
      ))}
    </ul>
  );
}

const MARK =
  'mr-0.5 inline-flex h-4.5 min-w-6 items-center justify-center rounded-xs border px-1 align-[1px] text-2xs font-medium';
const QUIET = 'border-line bg-sunken text-muted';

interface CitationProps {
  id: string;
  scope: string;
  cited: boolean;
  onCite: (id: string | null) => void;
}

/** Points at a piece of evidence, and goes there. */
function Citation({ id, scope, cited, onCite }: CitationProps) {
  return (
    <button
      type="button"
      aria-label={`Evidence ${id}`}
      onMouseEnter={() => onCite(id)}
      onMouseLeave={() => onCite(null)}
      onFocus={() => onCite(id)}
      onBlur={() => onCite(null)}
      onClick={() =>
        document
          .getElementById(evidenceId(scope, id))
          ?.scrollIntoView({ block: 'center', behavior: 'smooth' })
      }
      className={`${MARK} ${cited ? 'border-accent bg-accent text-on-accent' : QUIET}`}
    >
      {id}
    </button>
  );
}
