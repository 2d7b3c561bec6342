interface Props<Value extends string> {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
  disabled?: boolean;
  className?: string;
}

/** One of many, of which only the chosen is in sight. The browser's own: every device has a good one. */
export function Select<Value extends string>(props: Props<Value>) {
  const { label, value, options, onChange, disabled = false, className = '' } = props;
  return (
    <select
      aria-label={label}
      value={value}
      disabled={disabled}
      onChange={(event) => onChange(event.target.value as Value)}
      className={`h-[30px] rounded-sm border border-control bg-panel px-2 disabled:border-line disabled:text-faint ${className}`}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
