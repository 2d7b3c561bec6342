import type { Reason } from '@/shared/api/types';

const signed = new Intl.NumberFormat(undefined, {
  signDisplay: 'always',
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});

/** Why: the most telling first, each with how much it moved the score. */
export function ReasonList({ reasons }: { reasons: readonly Reason[] }) {
  if (reasons.length === 0) {
    return (
      <p className="text-muted">Nothing stood out: no single feature or rule raised this score noticeably.</p>
    );
  }
  const largest = Math.max(...reasons.map((reason) => Math.abs(reason.contribution)), 1e-9);
  return (
    <>
      <ol className="flex flex-col gap-3">
        {reasons.map((reason) => (
          <li key={reason.code} className="grid grid-cols-[1fr_auto] gap-x-3 gap-y-1.5">
            <span className="leading-snug">{reason.text}</span>
            <span className="text-right font-medium text-muted tabular-nums">
              {signed.format(reason.contribution)}
            </span>
            <span aria-hidden="true" className="col-span-2 h-1 rounded-xs bg-sunken">
              <span
                className={`block h-full rounded-xs ${reason.contribution >= 0 ? 'bg-strong' : 'bg-accent'}`}
                style={{ width: `${(Math.abs(reason.contribution) / largest) * 100}%` }}
              />
            </span>
          </li>
        ))}
      </ol>
      <p className="mt-3 text-xs text-faint">Numbers are what each added to the log-odds of the score.</p>
    </>
  );
}
