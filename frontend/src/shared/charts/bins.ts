export interface Bin {
  from: number;
  to: number;
  /** One for each series, from the bottom of the stack to its top. */
  values: readonly number[];
}

/** A place on the axis that means something: a threshold, this payment's amount. */
export interface Mark {
  at: number;
  label: string;
}
