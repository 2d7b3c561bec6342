const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });
const three = new Intl.NumberFormat(undefined, { minimumFractionDigits: 3, maximumFractionDigits: 3 });

/** A share in percent; a dash when nothing could be measured. */
export const share = (value: number | null | undefined): string =>
  value == null ? '–' : percent.format(value);

/** A measure between 0 and 1, to three decimals. */
export const decimal = (value: number | null | undefined): string =>
  value == null ? '–' : three.format(value);
