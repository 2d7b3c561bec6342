import { useState } from 'react';
import { numberOf, stepped } from './numberText';

interface Props {
  label: string;
  /** NaN while what is typed is no number. */
  value: number;
  step: number;
  disabled?: boolean;
  invalid?: boolean;
  onChange: (value: number) => void;
  className?: string;
}

/** A number to type: the text stays as it is typed, whatever it is worth on the way there. */
export function NumberField({
  label,
  value,
  step,
  disabled = false,
  invalid = false,
  onChange,
  className = '',
}: Props) {
  const [text, setText] = useState(() => String(value));
  // Set from elsewhere, by a slider say, it is shown; what is typed and means the same is left as it is.
  const shown = Object.is(numberOf(text), value) ? text : String(value);
  const type = (next: string) => {
    setText(next);
    onChange(numberOf(next));
  };
  return (
    <input
      type="text"
      inputMode="decimal"
      autoComplete="off"
      aria-label={label}
      aria-invalid={invalid}
      disabled={disabled}
      value={shown}
      onChange={(event) => type(event.target.value)}
      onKeyDown={(event) => {
        const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
        if (direction === undefined || Number.isNaN(value)) return;
        event.preventDefault();
        type(stepped(value, direction * step));
      }}
      className={`h-[30px] rounded-sm border border-control bg-panel px-2 tabular-nums aria-invalid:border-critical disabled:border-line ${className}`}
    />
  );
}
