import { money } from '@/shared/format/money';

interface AmountProps {
  amount: string | null | undefined;
  currency: string | null | undefined;
}

/** An amount with its currency, or a dash. */
export function Amount({ amount, currency }: AmountProps) {
  if (amount == null) return <span className="text-faint">–</span>;
  const shown = money(amount, currency);
  return (
    <span className="whitespace-nowrap tabular-nums">
      {shown.number}
      {shown.currency && <span className="ml-1 text-xs text-faint">{shown.currency}</span>}
    </span>
  );
}
