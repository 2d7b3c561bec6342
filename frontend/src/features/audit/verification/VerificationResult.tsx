import { asProblem } from '@/shared/api/problem';
import { count, plural } from '@/shared/format/number';
import type { Verification } from './useVerification';

const SHOWN = 20;

/** What a verification came to: in order, or which records are not. */
export function VerificationResult({ of: { state, checked, of, findings, error } }: { of: Verification }) {
  const bad = findings.length > 0;
  return (
    <div
      role={bad || error ? 'alert' : 'status'}
      data-verification={bad ? 'changed' : state}
      className={`w-full rounded-sm px-3 py-2 ${bad || error ? 'bg-critical-wash text-critical' : 'bg-accent-wash text-accent'}`}
    >
      {state === 'failed' && (
        <p>
          Stopped after {plural(checked, 'record')}: {asProblem(error).title}. {asProblem(error).detail}
        </p>
      )}
      {state === 'stopped' && (
        <p>
          Stopped after {count(checked)} of {plural(of, 'record')}.
        </p>
      )}
      {!bad && state === 'done' && (
        <p>All {plural(of, 'record')} are what was signed: none changed, missing, added or moved.</p>
      )}
      {bad && (
        <>
          <p className="font-medium">Not what was signed:</p>
          <ul className="list-disc pl-5">
            {findings.slice(0, SHOWN).map((finding) => (
              <li key={`${finding.kind}-${finding.seq}`}>
                {finding.seq === finding.until
                  ? `record ${count(finding.seq)}`
                  : `records ${count(finding.seq)} to ${count(finding.until)}`}
                : {finding.detail}
              </li>
            ))}
          </ul>
          {findings.length > SHOWN && <p>and {count(findings.length - SHOWN)} more</p>}
        </>
      )}
    </div>
  );
}
