import { useId, useState } from 'react';
import { plural } from '@/shared/format/number';
import { type Exchange, ratesText, readRates } from './rates';

interface Props {
  exchange: Exchange;
  readOnly: boolean;
  onChange: (exchange: Exchange | null) => void;
}

/** The reporting currency, and what others are worth in it from which day on. Null while the lines are no rates. */
export function RatesFields({ exchange, readOnly, onChange }: Props) {
  const id = useId();
  const [base, setBase] = useState(exchange.base);
  const [text, setText] = useState(() => ratesText(exchange));
  const rates = readRates(text);
  const sound = /^[A-Z]{3}$/.test(base);
  const problem = !sound ? 'A currency has three letters.' : typeof rates === 'string' ? rates : null;
  const change = (nextBase: string, nextText: string) => {
    setBase(nextBase);
    setText(nextText);
    const read = readRates(nextText);
    onChange(
      /^[A-Z]{3}$/.test(nextBase) && typeof read !== 'string' ? { base: nextBase, rates: read } : null,
    );
  };
  return (
    <div className="mt-4">
      <p className="pb-1 text-muted">
        Money is compared in one currency: in the order of the queue, and by rules as event.amount_base.
      </p>
      <div className="flex flex-wrap items-center gap-3">
        <label htmlFor={`${id}-base`}>Reporting currency</label>
        <input
          id={`${id}-base`}
          value={base}
          maxLength={3}
          disabled={readOnly}
          aria-invalid={!sound}
          onChange={(event) => change(event.target.value.toUpperCase(), text)}
          className="h-[30px] w-20 rounded-sm border border-control bg-panel px-2 aria-invalid:border-critical disabled:border-line"
        />
      </div>
      <details className="mt-2">
        <summary className="cursor-pointer rounded-xs py-1">
          Exchange rates
          {typeof rates !== 'string' && <span className="text-faint"> · {plural(rates.length, 'rate')}</span>}
        </summary>
        <label htmlFor={`${id}-rates`} className="block py-1 text-xs text-muted">
          A line each: currency, first day, units for 1 {base}. Before its first day a rate holds, too.
        </label>
        <textarea
          id={`${id}-rates`}
          rows={8}
          spellCheck={false}
          readOnly={readOnly}
          value={text}
          aria-invalid={problem !== null}
          onChange={(event) => change(base, event.target.value)}
          className="w-full max-w-md rounded-sm border border-control bg-panel px-2 py-1 font-mono aria-invalid:border-critical"
        />
      </details>
      {problem && (
        <p role="alert" className="mt-1 text-critical">
          {problem}
        </p>
      )}
    </div>
  );
}
