import { useId } from 'react';
import type { DeadLetterDetail } from '@/shared/api/types';
import { plural } from '@/shared/format/number';

interface Props {
  letter: DeadLetterDetail;
  value: string;
  onChange: (text: string) => void;
  readOnly: boolean;
  error: string | undefined;
}

function help({ raw_encoding, raw_bytes, cut }: DeadLetterDetail, readOnly: boolean): string {
  if (cut)
    return `Only its beginning was kept, of ${plural(raw_bytes, 'byte')}: to replay it, put the whole record here.`;
  if (raw_encoding === 'base64')
    return 'It is no text: these are its bytes in Base64. To replay it, put the record here.';
  return readOnly
    ? 'As it came.'
    : 'Correct it here. The id of the event must stay: it is what makes a replay harmless.';
}

/** A refused record, as it is corrected in its place. */
export function RecordField({ letter, value, onChange, readOnly, error }: Props) {
  const id = useId();
  return (
    <>
      <textarea
        aria-label="Record"
        aria-describedby={`${id}-note`}
        aria-invalid={error !== undefined}
        rows={Math.min(24, Math.max(6, value.split('\n').length + 1))}
        value={value}
        readOnly={readOnly}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        className="w-full rounded-sm border border-control bg-panel p-2.5 font-mono text-xs break-all aria-invalid:border-critical read-only:bg-sunken"
      />
      <p
        id={`${id}-note`}
        role={error ? 'alert' : undefined}
        className={`mt-1 text-xs ${error ? 'text-critical' : 'text-muted'}`}
      >
        {error ?? help(letter, readOnly)}
      </p>
    </>
  );
}
