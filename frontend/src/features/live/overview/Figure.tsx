import type { ReactNode } from 'react';

interface Props {
  name: ReactNode;
  /** Null while it is not known. */
  value: string | null;
  unit?: string;
  note: ReactNode;
}

/** A number that stands for itself. */
export function Figure({ name, value, unit, note }: Props) {
  return (
    <div className="bg-panel px-4 py-3">
      <dt className="text-muted">{name}</dt>
      <dd>
        <span className="block text-2xl font-semibold tracking-tight tabular-nums">
          {value ?? <span className="text-faint">–</span>}
          {value !== null && unit && (
            <span className="ml-1 text-sm font-normal tracking-normal text-faint">{unit}</span>
          )}
        </span>
        <span className="block truncate text-xs text-faint">{note}</span>
      </dd>
    </div>
  );
}
