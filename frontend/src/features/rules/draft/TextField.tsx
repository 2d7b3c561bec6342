import { useId } from 'react';

interface Props {
  label: string;
  value: string;
  readOnly: boolean;
  /** More than one line. */
  rows?: number;
  mono?: boolean;
  maxLength?: number;
  help?: React.ReactNode;
  error?: string | undefined;
  onChange: (value: string) => void;
}

/** A line or a few of text whose value is held elsewhere. */
export function TextField({ label, value, readOnly, rows, mono, maxLength, help, error, onChange }: Props) {
  const id = useId();
  const Tag = rows ? 'textarea' : 'input';
  if (readOnly) {
    return (
      <div>
        <p className="mb-1 font-medium">{label}</p>
        <p className={`whitespace-pre-line ${mono ? 'font-mono' : ''} ${value ? '' : 'text-faint'}`}>
          {value || 'None'}
        </p>
      </div>
    );
  }
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
      </label>
      <Tag
        id={id}
        value={value}
        rows={rows}
        maxLength={maxLength}
        aria-invalid={error !== undefined}
        aria-describedby={error || help ? `${id}-note` : undefined}
        onChange={(event) => onChange(event.target.value)}
        className={`block w-full rounded-sm border border-control bg-panel px-2.5 py-1.5 focus-visible:outline-offset-0 aria-invalid:border-critical ${mono ? 'font-mono' : ''}`}
      />
      {(error || help) && (
        <p id={`${id}-note`} className={`mt-1 text-xs ${error ? 'text-critical' : 'text-faint'}`}>
          {error ?? help}
        </p>
      )}
    </div>
  );
}
