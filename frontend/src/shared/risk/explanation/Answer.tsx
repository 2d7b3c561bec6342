import { sentence } from '@/shared/format/words';
import { Parts } from './Parts';
import { Sentences } from './Sentences';
import type { Explanation } from './types';

interface Props {
  found: Explanation;
  cited: string | null;
  onCite: (id: string | null) => void;
}

/** What is said of an event: in short, for and against, what to do, and what it may be. */
export function Answer({ found, cited, onCite }: Props) {
  const { suggestion } = found.explanation;
  const common = { scope: found.id, cited, onCite };
  return (
    <div className="flex flex-col gap-3">
      <p className="text-xs text-faint">
        {found.source === 'template'
          ? 'Written from a template, by the evidence below.'
          : `Chosen by ${found.model ?? 'a model'} among what the evidence below says; no word is its own.`}
        {found.removed > 0 &&
          ` ${found.removed === 1 ? 'One choice was' : `${found.removed} choices were`} left out: it may not stand there.`}
      </p>
      {found.notice && <p className="rounded-sm bg-medium-wash px-3 py-2 text-medium">{found.notice}</p>}
      <Parts found={found.explanation} {...common} />
      {suggestion && (
        <div className="rounded-sm border border-line px-3 py-2">
          <h4 className="font-medium">
            Suggested: {sentence(suggestion.disposition)}{' '}
            <span className="font-normal text-faint">
              {Math.round(suggestion.confidence * 100)} % sure; you decide
            </span>
          </h4>
          <Sentences sentences={suggestion.because} {...common} />
        </div>
      )}
    </div>
  );
}
