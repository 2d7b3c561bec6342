interface Option<Value extends string> {
  value: Value;
  word: string;
  note: string;
}

interface Props<Value extends string> {
  name: string;
  label: string;
  options: readonly Option<Value>[];
  value: Value;
  onChange: (value: Value) => void;
}

/** One of a few, each with a word on what it means. */
export function Choice<Value extends string>({ name, label, options, value, onChange }: Props<Value>) {
  return (
    <fieldset>
      <legend className="mb-1 font-medium">{label}</legend>
      <div className="divide-y divide-line rounded-sm border border-line">
        {options.map((each) => (
          <label
            key={each.value}
            className="flex cursor-pointer items-center gap-2.5 px-3 py-1.5 hover:bg-hover has-checked:bg-accent-wash"
          >
            <input
              type="radio"
              name={name}
              value={each.value}
              checked={each.value === value}
              onChange={() => onChange(each.value)}
              className="size-4 accent-accent"
            />
            <span className="font-medium">{each.word}</span>
            <span className="ml-auto text-right text-xs text-muted">{each.note}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
