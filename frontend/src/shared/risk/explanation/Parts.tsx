import { Sentences } from './Sentences';
import type { Sentence } from './types';

const TITLED = [
  { part: 'why', title: 'Why it stands out' },
  { part: 'against', title: 'What speaks against it' },
  { part: 'checks', title: 'What to check' },
] as const;

interface Props {
  found: Readonly<Record<'summary' | (typeof TITLED)[number]['part'], readonly Sentence[]>>;
  scope: string;
  cited?: string | null;
  onCite?: (id: string | null) => void;
}

/** In short, for and against, and what to do: as much of it as there is. */
export function Parts({ found, ...common }: Props) {
  return (
    <>
      {found.summary.length > 0 && (
        <div className="text-md">
          <Sentences sentences={found.summary} {...common} />
        </div>
      )}
      {TITLED.map(
        ({ part, title }) =>
          found[part].length > 0 && (
            <div key={part}>
              <h4 className="mb-1 font-medium text-muted">{title}</h4>
              <Sentences sentences={found[part]} list {...common} />
            </div>
          ),
      )}
    </>
  );
}
