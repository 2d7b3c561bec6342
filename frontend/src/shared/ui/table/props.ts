import type { ReactNode } from 'react';
import type { Column, Sort } from './columns';
import type { TableQuery } from './TableState';
import type { ColumnChoice } from './useColumnChoice';

export interface DataTableProps<Row> {
  /** What it lists, for screen readers: `Users, by address`. */
  label: string;
  /** The same array each time. */
  columns: readonly Column<Row>[];
  /** Keep the array while it says the same: it is sorted anew whenever it is another. */
  rows: readonly Row[];
  rowId: (row: Row) => string;
  /** Where the rows come from; for pages, an infinite query. Left out when they are simply there. */
  query?: TableQuery | undefined;
  /** Instead of rows when there are none: usually a `Notice`. */
  empty: ReactNode;
  /** A row on a phone. */
  card: (row: Row) => ReactNode;
  choice?: ColumnChoice | undefined;
  /** The row that is shown elsewhere, in a panel. The arrow keys select. */
  selected?: string | undefined;
  onSelect?: ((id: string) => void) | undefined;
  /** Enter and a press open a row. */
  onOpen?: ((row: Row) => void) | undefined;
  /** The order when the user has chosen none; ends a user's choice, too. */
  sort?: Sort | null | undefined;
  /** The rows are sorted by whoever gives them. */
  onSort?: ((sort: Sort | null) => void) | undefined;
  /** As high as its rows, up to 24 rows; else as high as there is room. */
  fit?: boolean;
}
