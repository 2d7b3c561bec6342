/** Which list is open beside the others, and what of it is shown. */
export interface ListsSearch {
  list?: string;
  text?: string;
}

const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

export function readListsSearch(search: Record<string, unknown>): ListsSearch {
  const list = text(search.list);
  const found = text(search.text);
  return { ...(list ? { list } : {}), ...(list && found ? { text: found } : {}) };
}
