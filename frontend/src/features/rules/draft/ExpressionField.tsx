import { lazy, Suspense, useMemo } from 'react';
import type { Fault } from '@/shared/expressions/places';
import { useRuleNames } from '@/shared/risk/evidence/useRuleNames';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { useListNames } from './useListNames';

const CodeEditor = lazy(() => import('@/shared/expressions/CodeEditor'));

const NONE: readonly never[] = [];

interface Props {
  value: string;
  /** Undefined while it is being checked. */
  faults: readonly Fault[] | undefined;
  readOnly: boolean;
  onChange: (value: string) => void;
}

/** The condition, and under it what is wrong with it, for those who do not see the marks. */
export function ExpressionField({ value, faults, readOnly, onChange }: Props) {
  const { data: names } = useRuleNames();
  const { data: lists } = useListNames();
  const vocabulary = useMemo(
    () => ({ names: names?.items ?? NONE, functions: names?.functions ?? NONE, lists: lists ?? NONE }),
    [names, lists],
  );
  return (
    <div>
      <p className="mb-1 flex items-baseline justify-between font-medium">
        Condition <span className="text-xs font-normal text-faint">CEL</span>
      </p>
      <div
        className={`overflow-hidden rounded-sm border ${faults?.length ? 'border-critical' : 'border-control'}`}
      >
        <Suspense
          fallback={
            <div className="h-[7.6rem] px-3">
              <SkeletonLines lines={3} />
            </div>
          }
        >
          <CodeEditor
            label="Condition"
            value={value}
            faults={faults ?? NONE}
            vocabulary={vocabulary}
            readOnly={readOnly}
            onChange={onChange}
          />
        </Suspense>
      </div>
      <Verdict value={value} faults={faults} readOnly={readOnly} />
    </div>
  );
}

function Verdict({ value, faults, readOnly }: Omit<Props, 'onChange'>) {
  if (readOnly) return null;
  return (
    <div role="status" className="mt-1 min-h-4.5 text-xs">
      {value.trim() === '' && (
        <span className="text-faint">
          For example{' '}
          <code className="font-mono">event.amount &gt; 500.0 &amp;&amp; event.country != "DE"</code>. Ctrl
          and Space offers all names.
        </span>
      )}
      {value.trim() !== '' && faults === undefined && <span className="text-faint">Checking…</span>}
      {value.trim() !== '' && faults?.length === 0 && (
        <span className="text-muted">✓ The engine can run it.</span>
      )}
      {value.trim() !== '' && faults !== undefined && faults.length > 0 && (
        <ul className="text-critical">
          {faults.map((fault) => (
            <li key={`${fault.line} ${fault.column} ${fault.detail}`}>
              {fault.line && `Line ${fault.line}, column ${fault.column}: `}
              {fault.detail}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
