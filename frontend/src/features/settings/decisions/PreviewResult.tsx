import type { DecisionPreview } from '@/shared/api/types';
import { plural } from '@/shared/format/number';
import { sentence } from '@/shared/format/words';

/** What a policy would have done to the last week's events. */
export function PreviewResult({ found }: { found: DecisionPreview }) {
  return (
    <section aria-label="Preview" aria-live="polite" className="mt-3 rounded-sm bg-sunken px-3 py-2">
      <p className="text-muted">
        Last week, {plural(found.events, 'event')} decided again
        {!found.complete && '; there was not time for all, the newest are counted'}:
      </p>
      <ul className="list-disc pl-5">
        {found.text.map((line) => (
          <li key={line} className="font-medium">
            {sentence(line)}
          </li>
        ))}
      </ul>
      <table className="mt-2 w-full text-left">
        <thead className="text-xs text-muted">
          <tr>
            <th>Decided by</th>
            <th className="text-right">Events</th>
            <th className="text-right">Worth, {found.currency}</th>
            <th className="text-right">Known fraud</th>
          </tr>
        </thead>
        <tbody>
          {found.rules.map((one) => (
            <tr key={one.rule}>
              <td className="font-mono text-xs">{one.rule}</td>
              <td className="text-right tabular-nums">{one.events.toLocaleString('en')}</td>
              <td className="text-right tabular-nums">{Math.round(one.value).toLocaleString('en')}</td>
              <td className="text-right tabular-nums">
                {one.frauds} of {one.labelled}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
