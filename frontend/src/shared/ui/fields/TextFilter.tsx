import { useEffect, useRef, useState } from 'react';

/** How long after the last key the list is asked for. */
const SETTLED_MS = 350;

interface Props {
  /** Names it, and says how it is matched: `Account, exactly`. */
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
  type?: 'search' | 'number';
  /** Of a number. */
  step?: number;
  max?: number;
  className?: string;
}

/** A field that narrows a list a moment after one stops typing. It follows when the value is changed elsewhere. */
export function TextFilter(props: Props) {
  const { label, placeholder, value, onChange, type = 'search', step, max, className = 'w-36' } = props;
  const [typed, setTyped] = useState(value);
  const known = useRef(value);
  if (known.current !== value) {
    known.current = value;
    if (typed.trim() !== value) setTyped(value);
  }
  useEffect(() => {
    if (typed.trim() === known.current) return;
    const timer = setTimeout(() => onChange(typed.trim()), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [typed, onChange]);
  return (
    <input
      type={type}
      aria-label={label}
      placeholder={placeholder}
      value={typed}
      min={type === 'number' ? 0 : undefined}
      step={step}
      max={max}
      onChange={(event) => setTyped(event.target.value)}
      className={`h-[30px] min-w-24 rounded-sm border border-control bg-panel px-2.5 placeholder:text-faint max-sm:flex-1 ${className}`}
    />
  );
}
