import { lazy, Suspense, useMemo } from 'react';
import { useRuleNames } from '@/shared/risk/evidence/useRuleNames';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';

const CodeEditor = lazy(() => import('@/shared/expressions/CodeEditor'));
const NONE: readonly never[] = [];

interface Props {
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
}

/** Which events count: CEL over the fields of an event, completed as it is typed. */
export function FilterField({ value, error, onChange }: Props) {
  const { data } = useRuleNames();
  const vocabulary = useMemo(
    () => ({
      names: data?.items.filter(({ name }) => name.startsWith('event.')) ?? NONE,
      functions: data?.functions.filter(({ name }) => name !== 'in_list') ?? NONE,
      lists: NONE,
    }),
    [data],
  );
  const faults = useMemo(() => (error ? [{ detail: error, line: null, column: null }] : NONE), [error]);
  return (
    <div>
      <p className="mb-1 flex items-baseline justify-between font-medium">
        Only events where (optional) <span className="text-xs font-normal text-faint">CEL</span>
      </p>
      <div className={`overflow-hidden rounded-sm border ${error ? 'border-critical' : 'border-control'}`}>
        <Suspense fallback={<SkeletonLines lines={2} />}>
          <CodeEditor
            label="Filter"
            value={value}
            faults={faults}
            vocabulary={vocabulary}
            readOnly={false}
            onChange={onChange}
          />
        </Suspense>
      </div>
      <p className={`mt-1 text-xs ${error ? 'text-critical' : 'text-faint'}`}>
        {error ?? 'For example event.channel == "web"'}
      </p>
    </div>
  );
}
