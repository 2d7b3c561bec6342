import { type ComponentProps, useId } from 'react';
import { initialFocus } from '../dialogs/initialFocus';

type Native = ComponentProps<'input'> & ComponentProps<'textarea'>;

interface Props
  extends Pick<Native, 'name' | 'required' | 'autoComplete' | 'minLength' | 'maxLength' | 'defaultValue'> {
  label: string;
  type?: 'text' | 'email' | 'password' | 'number';
  /** More than one line. */
  rows?: number;
  /** Said under the field; an error instead of it, when there is one. */
  help?: string | undefined;
  error?: string | undefined;
  /** Where typing starts: only in a form that the user has just asked for. */
  focused?: boolean;
}

/** A labelled input. */
export function Field({ label, help, error, focused = false, rows, type = 'text', ...native }: Props) {
  const id = useId();
  const note = error ?? help;
  const common = {
    ...native,
    id,
    'aria-invalid': error !== undefined,
    'aria-describedby': note ? `${id}-note` : undefined,
    className:
      'w-full rounded-sm border border-control bg-panel px-3 py-2 text-md focus-visible:outline-offset-0 aria-invalid:border-critical',
  };
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
      </label>
      {rows ? (
        <textarea {...common} rows={rows} {...initialFocus(focused)} />
      ) : (
        <input {...common} type={type} {...initialFocus(focused)} />
      )}
      {note && (
        <p id={`${id}-note`} className={`mt-1 text-xs ${error ? 'text-critical' : 'text-faint'}`}>
          {note}
        </p>
      )}
    </div>
  );
}
