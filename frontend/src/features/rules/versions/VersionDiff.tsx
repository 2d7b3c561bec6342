import type { RuleDefinition } from '@/shared/api/types';
import { effectWord } from '../words';
import { type Piece, pieces } from './diff';

interface Props {
  before: RuleDefinition;
  after: RuleDefinition;
}

const PARTS = [
  { name: 'Condition', of: (one: RuleDefinition) => one.expression },
  { name: 'Effect', of: effectWord },
  { name: 'Reason', of: (one: RuleDefinition) => one.reason_text },
  { name: 'Owner', of: (one: RuleDefinition) => one.owner },
  { name: 'What it is for', of: (one: RuleDefinition) => one.description ?? '' },
];

/** What one definition has that another has not: struck out what is gone, underlined what is new. */
export function VersionDiff({ before, after }: Props) {
  const differing = PARTS.filter(({ of }) => of(before) !== of(after));
  if (differing.length === 0) return <p className="text-muted">They say the same.</p>;
  return (
    <dl className="flex flex-col gap-2">
      {differing.map(({ name, of }) => (
        <div key={name}>
          <dt className="text-xs text-faint">{name}</dt>
          <dd className="rounded-xs bg-panel px-2 py-1 font-mono text-xs break-words whitespace-pre-wrap">
            {keyed(pieces(of(before), of(after))).map(({ key, piece }) => (
              <Part key={key} piece={piece} />
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}

const keyed = (found: Piece[]) => found.map((piece, i) => ({ key: `${i}-${piece.kind}`, piece }));

function Part({ piece: { kind, text } }: { piece: Piece }) {
  if (kind === 'gone') return <del className="mr-0.5 bg-critical-wash text-critical">{text}</del>;
  if (kind === 'new')
    return <ins className="bg-accent-wash text-accent underline decoration-2 underline-offset-2">{text}</ins>;
  return text;
}
