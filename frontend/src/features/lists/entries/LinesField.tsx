import { useId, useRef } from 'react';
import { plural } from '@/shared/format/number';
import { initialFocus } from '@/shared/ui/dialogs/initialFocus';
import type { LineFault } from './parse';

const SHOWN = 20;

interface Props {
  label: string;
  example: string;
  text: string;
  faults: readonly LineFault[];
  onChange: (text: string) => void;
}

/** Many lines; what is wrong with which is told under them, and leads there. */
export function LinesField({ label, example, text, faults, onChange }: Props) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const go = (line: number) => {
    const lines = text.split('\n');
    const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    area.current?.focus();
    area.current?.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  };
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
      </label>
      <textarea
        id={id}
        rows={7}
        value={text}
        {...initialFocus(true)}
        ref={area}
        spellCheck={false}
        placeholder={example}
        aria-invalid={faults.length > 0}
        aria-describedby={`${id}-note`}
        onChange={(event) => onChange(event.target.value)}
        className="block w-full rounded-sm border border-control bg-panel px-3 py-2 font-mono placeholder:text-faint focus-visible:outline-offset-0 aria-invalid:border-critical"
      />
      <div id={`${id}-note`} role="status" className="mt-1 max-h-32 overflow-y-auto text-xs">
        {faults.length === 0 ? (
          <span className="text-faint">
            With an end of its own after a comma: <code className="font-mono">{example}, 2027-01-31</code>
          </span>
        ) : (
          <>
            <p className="font-medium text-critical">
              {plural(faults.length, 'line')} cannot be taken; nothing is added until they are mended or gone.
            </p>
            <ul>
              {faults.slice(0, SHOWN).map(({ line, detail }) => (
                <li key={line}>
                  <button
                    type="button"
                    onClick={() => go(line)}
                    className="text-left text-critical underline-offset-2 hover:underline"
                  >
                    Line {line}: {detail}
                  </button>
                </li>
              ))}
              {faults.length > SHOWN && <li className="text-faint">and {faults.length - SHOWN} more</li>}
            </ul>
          </>
        )}
      </div>
    </div>
  );
}
