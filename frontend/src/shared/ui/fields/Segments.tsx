interface Segment<Value extends string> {
  value: Value;
  label: React.ReactNode;
}

interface Props<Value extends string> {
  /** Names the group. */
  label: string;
  value: Value;
  options: readonly Segment<Value>[];
  onChange: (value: Value) => void;
}

/** One of a few, all in sight. */
export function Segments<Value extends string>({ label, value, options, onChange }: Props<Value>) {
  return (
    <fieldset className="relative inline-flex w-fit rounded-sm border border-line bg-panel p-0.5">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
          className="inline-flex h-6 items-center gap-1.5 rounded-xs px-2 whitespace-nowrap text-muted hover:text-strong aria-pressed:bg-accent-wash aria-pressed:text-accent"
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}
