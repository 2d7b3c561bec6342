import type { UseQueryResult } from '@tanstack/react-query';
import type { ModelComparison } from '@/shared/api/types';
import { count } from '@/shared/format/number';
import { LevelName } from '@/shared/risk/scores/LevelMark';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { decimal, share } from '../quality/figures';
import { better, MEASURES } from '../quality/measures';

const SIDES = ['champion', 'challenger'] as const;

/** Both on the same labelled events, by their own probabilities, before rules. */
export function Comparison({ query: { data, error, refetch } }: { query: UseQueryResult<ModelComparison> }) {
  return (
    <section aria-label="Comparison" className="border-t border-line px-4 py-3">
      {!data && error && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <SkeletonLines lines={4} />}
      {data && data.events === 0 && (
        <p className="text-muted">
          No event that both scored has a label yet. Once some have, the two are compared here.
        </p>
      )}
      {data && data.events > 0 && <Figures comparison={data} />}
    </section>
  );
}

function Figures({ comparison }: { comparison: ModelComparison }) {
  const levels = comparison.champion.levels.filter(({ level }) => level !== 'LOW');
  return (
    <section aria-label="Both on labelled events" tabIndex={0} className="overflow-x-auto">
      <table className="w-full text-right">
        <caption className="pb-1 text-left text-xs text-faint">
          On {count(comparison.events)} labelled events of the last 30 days that both scored,{' '}
          {count(comparison.frauds)} of them frauds{comparison.complete ? '' : '; the newest of more'}. Labels
          are seldom a fair sample: much has one because the champion raised an alert.
        </caption>
        <thead>
          <tr className="border-b border-line text-xs text-muted">
            <th scope="col" className="py-1 text-left font-medium">
              Measure
            </th>
            <th scope="col" className="py-1 pl-4 font-medium">
              Champion
            </th>
            <th scope="col" className="py-1 pl-4 font-medium">
              Challenger
            </th>
          </tr>
        </thead>
        <tbody>
          {MEASURES.map((measure) => (
            <tr key={measure.name} className="border-b border-line">
              <th scope="row" className="py-1 text-left font-normal">
                {measure.name} <span className="text-xs text-faint max-sm:sr-only">{measure.meaning}</span>
              </th>
              {SIDES.map((side) => (
                <td key={side} className="py-1 pl-4">
                  <Better is={better(measure, comparison) === side}>
                    {decimal(measure.of(comparison[side]))}
                  </Better>
                </td>
              ))}
            </tr>
          ))}
          {levels.map(({ level }) => (
            <tr key={level} className="border-b border-line last:border-0">
              <th scope="row" className="py-1 text-left font-normal">
                <span className="flex items-center gap-2">
                  <LevelName level={level} />
                  <span className="text-xs text-faint">or above: precision, recall</span>
                </span>
              </th>
              {SIDES.map((side) => {
                const found = comparison[side].levels.find((each) => each.level === level);
                return (
                  <td key={side} className="py-1 pl-4">
                    {share(found?.precision)}, {share(found?.recall)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Better({ is, children }: React.PropsWithChildren<{ is: boolean }>) {
  if (!is) return children;
  return (
    <span className="font-semibold text-accent">
      <span aria-hidden="true">▲ </span>
      {children}
      <span className="sr-only">, better</span>
    </span>
  );
}
