// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Column } from './columns';
import { DataTable } from './DataTable';
import type { DataTableProps } from './props';
import { useColumnChoice } from './useColumnChoice';

interface Shop {
  name: string;
  sales: number | null;
}

const COLUMNS: Column<Shop>[] = [
  { id: 'name', header: 'Name', width: 100, grow: 1, cell: (row) => row.name, value: (row) => row.name },
  { id: 'sales', header: 'Sales', width: 80, cell: (row) => row.sales ?? '–', value: (row) => row.sales },
  { id: 'note', header: 'Note', width: 80, cell: () => 'a note', extra: true },
];
const SHOPS: Shop[] = [
  { name: 'shop 10', sales: 3 },
  { name: 'shop 9', sales: null },
  { name: 'Shop 1', sales: 7 },
];

let width = 1000;
beforeEach(async () => {
  width = 1000;
  localStorage.clear();
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(40);
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(400);
  vi.spyOn(Element.prototype, 'clientWidth', 'get').mockImplementation(() => width);
  // What draws rows is fetched for the first that there are, and there from then on.
  render(<Shops />);
  await waitFor(() => expect(names()).toHaveLength(SHOPS.length));
  cleanup();
  localStorage.clear();
});

function Shops(props: Partial<DataTableProps<Shop>>) {
  const choice = useColumnChoice('shops', COLUMNS);
  return (
    <>
      <button type="button" onClick={() => choice.toggle('note')}>
        note
      </button>
      <DataTable
        label="Shops"
        columns={COLUMNS}
        rows={SHOPS}
        rowId={(row) => row.name}
        empty="no shops"
        card={(row) => `card of ${row.name}`}
        choice={choice}
        {...props}
      />
    </>
  );
}

// By a selector: asking for roles computes the style of everything, which takes seconds on a busy machine.
const names = () => [...document.querySelectorAll<HTMLElement>('[data-row]')].map((row) => row.dataset.row);

test('a press sorts, the next turns the order, the third ends it; what is empty stays last', () => {
  render(<Shops />);
  const press = (name: string) => fireEvent.click(screen.getByText(name));
  press('Name');
  expect(names()).toEqual(['Shop 1', 'shop 9', 'shop 10']);
  press('Sales');
  expect(names()).toEqual(['shop 10', 'Shop 1', 'shop 9']);
  press('Sales');
  expect(names()).toEqual(['Shop 1', 'shop 10', 'shop 9']);
  expect(screen.getByText('Sales').parentElement?.getAttribute('aria-sort')).toBe('descending');
  press('Sales');
  expect(names()).toEqual(SHOPS.map((shop) => shop.name));
});

test('the keys select rows, and enter opens one', () => {
  const onSelect = vi.fn();
  const onOpen = vi.fn();
  render(<Shops onSelect={onSelect} onOpen={onOpen} />);
  const grid = screen.getByRole('grid');
  for (const key of ['ArrowDown', 'ArrowDown', 'End', 'ArrowUp', 'Enter']) fireEvent.keyDown(grid, { key });
  expect(onSelect.mock.calls.map(([id]) => id)).toEqual(['shop 10', 'shop 9', 'Shop 1', 'shop 9', 'shop 9']);
  expect(onOpen).toHaveBeenCalledExactlyOnceWith(SHOPS[1]);
  const active = document.getElementById(grid.getAttribute('aria-activedescendant') ?? '');
  expect(active?.dataset.row).toBe('shop 9');
});

test('a column is seen once it is chosen, and so the next time', () => {
  render(<Shops />);
  expect(screen.queryByText('Note')).toBeNull();
  fireEvent.click(screen.getByText('note'));
  cleanup();
  render(<Shops />);
  expect(within(screen.getByRole('table')).getByText('Note')).toBeTruthy();
});

test('where it is narrow there are cards', () => {
  width = 390;
  render(<Shops />);
  expect(screen.getByText('card of Shop 1')).toBeTruthy();
  expect(screen.queryByRole('columnheader')).toBeNull();
});

test('waiting, an error, nothing, and rows that are old are four different things', () => {
  const query = { isPending: true, error: null as unknown, refetch: vi.fn(), dataUpdatedAt: Date.now() };
  const { rerender } = render(<Shops rows={[]} query={query} />);
  expect(screen.getByRole('status', { name: 'Loading' })).toBeTruthy();
  rerender(<Shops rows={[]} query={{ ...query, isPending: false, error: new Error('boom') }} />);
  expect(screen.getByRole('alert').textContent).toContain('boom');
  rerender(<Shops rows={[]} query={{ ...query, isPending: false }} />);
  expect(screen.getByText('no shops')).toBeTruthy();
  rerender(<Shops query={{ ...query, isPending: false, error: new Error('boom') }} />);
  expect(screen.getByRole('status').textContent).toContain('Shown as it was');
  expect(names()).toHaveLength(3);
});

test('the next page is asked for once, when its rows come near', () => {
  const fetchNextPage = vi.fn();
  const query = { isPending: false, error: null, refetch: vi.fn(), dataUpdatedAt: 1, fetchNextPage };
  const { rerender } = render(<Shops query={{ ...query, hasNextPage: true, isFetchingNextPage: false }} />);
  expect(fetchNextPage).toHaveBeenCalledTimes(1);
  rerender(<Shops query={{ ...query, hasNextPage: true, isFetchingNextPage: true }} />);
  rerender(<Shops query={{ ...query, hasNextPage: false }} />);
  expect(fetchNextPage).toHaveBeenCalledTimes(1);
});

test('where the greatest matters most, the first press has it first; who gives the rows sorts them', () => {
  const onSort = vi.fn();
  const columns = COLUMNS.map((column) => ({ ...column, greatestFirst: column.id === 'sales' }));
  const { rerender } = render(<Shops columns={columns} onSort={onSort} sort={null} />);
  const press = () => fireEvent.click(screen.getByText('Sales'));
  for (const sort of [null, { id: 'sales', desc: true }, { id: 'sales', desc: false }]) {
    rerender(<Shops columns={columns} onSort={onSort} sort={sort} />);
    press();
    expect(names()).toEqual(SHOPS.map((shop) => shop.name));
  }
  expect(onSort.mock.calls.map(([sort]) => sort)).toEqual([
    { id: 'sales', desc: true },
    { id: 'sales', desc: false },
    null,
  ]);
});
