import type { ReactNode } from 'react';

/** The figures behind a chart: a first column of names, then one of numbers for each series. */
export interface Figures {
  /** Headings, the first over the names. */
  columns: readonly ReactNode[];
  /** As many cells as there are columns; `key` is unique among the rows. */
  rows: readonly { key: string | number; cells: readonly ReactNode[] }[];
}

export function FigureTable({ title, figures }: { title: string; figures: Figures }) {
  const [names, ...series] = figures.columns;
  return (
    <section aria-label={`Figures: ${title}`} tabIndex={0} className="h-full overflow-auto px-4">
      <table className="w-full text-right">
        <thead className="sticky top-0 bg-panel">
          <tr className="border-b border-line text-xs">
            <th scope="col" className="py-1 pr-3 text-left font-medium text-muted">
              {names}
            </th>
            {series.map((heading, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a heading has no other name than its place
              <th key={i} scope="col" className="py-1 pl-3 font-medium text-muted">
                <span className="flex justify-end">{heading}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {figures.rows.map(({ key, cells: [name, ...values] }) => (
            <tr key={key} className="border-b border-line last:border-0">
              <th scope="row" className="py-1 pr-3 text-left font-normal">
                {name}
              </th>
              {values.map((value, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a cell belongs to the column of its place
                <td key={i} className="py-1 pl-3">
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
