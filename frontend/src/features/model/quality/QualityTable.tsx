import type { Quality, RiskLevel } from '@/shared/api/types';
import { count } from '@/shared/format/number';
import { LevelName } from '@/shared/risk/scores/LevelMark';
import { share } from './figures';

type Rates = Omit<Quality['levels'][number], 'level'>;

interface Props {
  title: string;
  /** Heading of the names. */
  of: string;
  rows: readonly { key: string; name?: string; level?: RiskLevel; rates: Rates }[];
  empty?: string;
}

const HEADINGS = ['Precision', 'Recall', 'F1', 'Right', 'Wrong', 'Missed'];

/** Rates, and the counts that they are made of. */
export function QualityTable({ title, of, rows, empty }: Props) {
  return (
    <section
      aria-label={title}
      tabIndex={0}
      className="min-w-0 overflow-x-auto rounded-md border border-line bg-panel px-4 py-3"
    >
      <h2 className="mb-1 font-semibold">{title}</h2>
      {rows.length === 0 ? (
        <p className="text-muted">{empty}</p>
      ) : (
        <table className="w-full text-right">
          <thead>
            <tr className="border-b border-line text-xs text-muted">
              <th scope="col" className="py-1 text-left font-medium">
                {of}
              </th>
              {HEADINGS.map((name) => (
                <th key={name} scope="col" className="py-1 pl-3 font-medium">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, name, level, rates }) => (
              <tr key={key} className="border-b border-line last:border-0">
                <th scope="row" className="max-w-44 truncate py-1.5 text-left font-normal" title={name}>
                  {level ? <LevelName level={level} /> : <span className="font-mono text-xs">{name}</span>}
                </th>
                <td className="py-1.5 pl-3 font-medium">{share(rates.precision)}</td>
                <td className="py-1.5 pl-3 font-medium">{share(rates.recall)}</td>
                <td className="py-1.5 pl-3">{share(rates.f1)}</td>
                <td className="py-1.5 pl-3 text-muted">{count(rates.true_positives)}</td>
                <td className="py-1.5 pl-3 text-muted">{count(rates.false_positives)}</td>
                <td className="py-1.5 pl-3 text-muted">{count(rates.false_negatives)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
