import type { RiskLevel } from '@/shared/api/types';
import { count, plural } from '@/shared/format/number';
import { LevelName } from '@/shared/risk/scores/LevelMark';
import { LEVELS_DOWN } from '@/shared/risk/scores/levels';
import { atLeast } from './draft';
import type { usePreview } from './usePreview';

const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });
const signed = new Intl.NumberFormat(undefined, { signDisplay: 'exceptZero' });

interface Props {
  preview: ReturnType<typeof usePreview>;
  /** What raises an alert, by the draft. */
  least: RiskLevel;
}

/** How many of the last week's events would be of another level, and which. */
export function PreviewFigures({ preview, least }: Props) {
  const found = preview.data;
  if (!found) return null;
  const alerting = atLeast(found.after, least) - atLeast(found.before, least);
  return (
    <div
      aria-live="polite"
      aria-busy={preview.isPlaceholderData}
      className={preview.isPlaceholderData ? 'opacity-60' : ''}
      data-preview={found.changed}
    >
      <p>
        <span className="text-lg font-semibold">{count(found.changed)}</span>{' '}
        <span className="text-muted">
          of {plural(found.events, 'event')} of the last 7 days would be of another level
          {found.events > 0 && ` (${percent.format(found.changed / found.events)})`}
        </span>
      </p>
      <table className="mt-2 w-full max-w-sm text-right">
        <thead className="text-xs text-muted">
          <tr>
            <th scope="col" className="text-left font-medium">
              Level
            </th>
            <th scope="col" className="font-medium">
              Now
            </th>
            <th scope="col" className="font-medium">
              Then
            </th>
            <th scope="col" className="font-medium">
              Change
            </th>
          </tr>
        </thead>
        <tbody>
          {LEVELS_DOWN.map((level) => {
            const [before, after] = [found.before[level] ?? 0, found.after[level] ?? 0];
            return (
              <tr key={level} className="border-t border-line">
                <th scope="row" className="py-1 text-left">
                  <LevelName level={level} />
                </th>
                <td>{count(before)}</td>
                <td>{count(after)}</td>
                <td className={after === before ? 'text-faint' : 'font-medium'}>
                  {signed.format(after - before)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className="mt-2 text-muted">
        {alerting === 0
          ? 'As many events as now would raise or feed an alert.'
          : `${plural(Math.abs(alerting), 'event')} ${alerting > 0 ? 'more' : 'fewer'} would raise or feed an alert.`}
      </p>
      {found.sampled != null && (
        <p className="mt-1 text-xs text-faint">Estimated from {count(found.sampled)} of them.</p>
      )}
    </div>
  );
}
