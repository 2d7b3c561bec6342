import { hashKey, type InfiniteData, useInfiniteQuery } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import type { paths } from '@/shared/api/schema';
import type { Sort } from '@/shared/ui/table/columns';

/** What the history is narrowed to, in the words of the API. */
export type HistoryQuery = Omit<
  NonNullable<paths['/api/v1/risk/history']['get']['parameters']['query']>,
  'cursor' | 'limit'
>;

export type HistoryOrder = NonNullable<HistoryQuery['sort']>;

/** What orders are called where rows are listed; the first is the server's own. */
export const ORDERS: Record<HistoryOrder, string> = {
  '-scored_at': 'last scored first',
  scored_at: 'first scored first',
  '-occurred_at': 'latest first',
  occurred_at: 'earliest first',
  '-score': 'highest score first',
};

export const isOrder = (value: unknown): value is HistoryOrder =>
  typeof value === 'string' && value in ORDERS;

/** An order as a table shows it; none for the server's own. */
export const toSort = (order: HistoryOrder | undefined): Sort | null =>
  order ? { id: order.replace(/^-/, ''), desc: order.startsWith('-') } : null;

/** The order that a press on a heading asks for; none for the server's own. */
export function toOrder(sort: Sort | null): HistoryOrder | undefined {
  const order = sort && `${sort.desc ? '-' : ''}${sort.id}`;
  return isOrder(order) ? order : undefined;
}

interface Part {
  cursor: string;
  /** What was asked for the first part: a span that ends now must not move from part to part. */
  query: HistoryQuery;
}

async function fetchPart(asked: HistoryQuery, cursor: string | undefined, signal: AbortSignal) {
  const params = { query: { ...asked, limit: 100, ...(cursor ? { cursor } : {}) } };
  return { ...(await unwrap(client.GET('/api/v1/risk/history', { params, signal }))), query: asked };
}

type Page = Awaited<ReturnType<typeof fetchPart>>;

/**
 * Assessments in an order, a part at a time. `key` says what is asked for; `query` is made when the first part is
 * asked for, so that it may depend on the time. While another order is fetched, the rows and the focus stay.
 */
export function useHistory(key: object, query: () => HistoryQuery, order?: HistoryOrder) {
  return useInfiniteQuery<Page, Error, InfiniteData<Page>, readonly unknown[], Part | null>({
    queryKey: ['history', key, order],
    queryFn: ({ pageParam, signal }) => {
      const asked = pageParam?.query ?? { ...query(), ...(order && { sort: order }) };
      return fetchPart(asked, pageParam?.cursor, signal);
    },
    placeholderData: (before, asked) =>
      asked && hashKey([asked.queryKey[1]]) === hashKey([key]) ? before : undefined,
    initialPageParam: null,
    getNextPageParam: (page) => (page.next_cursor ? { cursor: page.next_cursor, query: page.query } : null),
  });
}
