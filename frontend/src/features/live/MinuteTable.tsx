import { count } from '@/shared/format/number';
import { LevelName } from '@/shared/risk/LevelMark';
import { LEVELS_DOWN } from '@/shared/risk/levels';
import { utcMinute } from '@/shared/time/format';
import type { Minute } from './minutes';

/** The numbers behind the chart, newest first. */
export function MinuteTable({ minutes }: { minutes: readonly Minute[] }) {
  return (
    <section aria-label="Assessments per minute" tabIndex={0} className="h-full overflow-y-auto px-2">
      <table className="w-full text-right">
        <thead className="sticky top-0 bg-panel">
          <tr className="border-b border-line">
            <th scope="col" className="py-1 text-left font-medium text-muted">
              Minute (UTC)
            </th>
            {LEVELS_DOWN.map((level) => (
              <th key={level} scope="col" className="py-1">
                <span className="flex justify-end">
                  <LevelName level={level} />
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...minutes].reverse().map((minute) => (
            <tr key={minute.start} className="border-b border-line last:border-0">
              <th scope="row" className="py-1 text-left font-normal">
                {utcMinute(new Date(minute.start))}
              </th>
              {LEVELS_DOWN.map((level) => (
                <td key={level}>{count(minute[level])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
