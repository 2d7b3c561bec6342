import type { RuleTrialResult } from '@/shared/api/types';
import { measure } from '@/shared/format/number';
import { useRuleNames } from '@/shared/risk/evidence/useRuleNames';

type Value = RuleTrialResult['values'][number]['value'];

function shown(value: Value): string {
  if (value === null || value === '') return 'not known';
  if (typeof value === 'number') return measure(value);
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : value;
}

/** Whether it hits, and by which values. */
export function TrialResult({
  result: { hit, error, reason_text: reason, values },
}: {
  result: RuleTrialResult;
}) {
  const { data: names } = useRuleNames();
  const known = new Map(names?.items.map((each) => [each.name, each]));
  return (
    <div role="status" className={`rounded-sm border px-3 py-2.5 ${hit ? 'border-accent' : 'border-line'}`}>
      <p className="flex items-center gap-2 font-semibold">
        <span aria-hidden="true">{error ? '!' : hit ? '●' : '○'}</span>
        {error ? 'Neither true nor false: no hit' : hit ? 'It hits' : 'It does not hit'}
      </p>
      {reason && <p className="mt-0.5 text-muted">“{reason}”</p>}
      {error && <p className="mt-0.5 text-critical">{error}</p>}
      {values.length > 0 && (
        <table className="mt-2 w-full">
          <caption className="sr-only">What it read of the event</caption>
          <tbody>
            {values.map(({ name, value }) => (
              <tr key={name} className="border-t border-line">
                <th scope="row" className="py-1 pr-3 text-left font-normal">
                  <span className="block font-mono text-xs">{name}</span>
                  <span className="text-xs text-faint">{known.get(name)?.meaning}</span>
                </th>
                <td className="py-1 text-right align-top break-all">
                  <span className={value === null || value === '' ? 'text-faint' : 'font-medium'}>
                    {shown(value)}
                  </span>{' '}
                  {value !== null && <span className="text-xs text-faint">{known.get(name)?.unit}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
