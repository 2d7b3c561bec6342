import type { RuleStats } from '@/shared/api/types';
import { count } from '@/shared/format/number';
import { Age } from '@/shared/time/Age';
import { RuleStatusName } from '../RuleStatusName';
import { share, shareOf } from '../words';

const HEADINGS = ['Version', 'Mode', 'Hits', 'Hit rate', 'Precision', 'Last hit'];

/** Each version in each mode: how much it hits, and how much of it was fraud. */
export function HitsTable({ stats }: { stats: RuleStats }) {
  return (
    <section aria-label="Hits by version and mode" tabIndex={0} className="overflow-x-auto">
      <table className="w-full text-right">
        <caption className="sr-only">Hits by version and mode</caption>
        <thead>
          <tr className="border-b border-line text-xs text-muted">
            {HEADINGS.map((name, i) => (
              <th
                key={name}
                scope="col"
                className={`py-1 pl-3 font-medium first:pl-0 ${i < 2 ? 'text-left' : ''}`}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {stats.versions.map((one) => (
            <tr key={`${one.version} ${one.mode}`} className="border-b border-line last:border-0">
              <th scope="row" className="py-1.5 text-left font-medium">
                v{one.version}
              </th>
              <td className="py-1.5 pl-3 text-left">
                <RuleStatusName status={one.mode} />
              </td>
              <td className="py-1.5 pl-3">{count(one.hits)}</td>
              <td className="py-1.5 pl-3">{shareOf(one.hits, stats.events)}</td>
              <td className="py-1.5 pl-3">
                {one.labelled > 0 ? share(one.frauds / one.labelled) : '–'}{' '}
                <span className="text-xs text-faint">of {count(one.labelled)} labelled</span>
              </td>
              <td className="py-1.5 pl-3 text-faint">
                <Age at={one.last_hit_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="mt-2 text-xs text-faint">
        Of {count(stats.events)} events. Precision is the share of fraud in hits that have a label.
      </p>
    </section>
  );
}
