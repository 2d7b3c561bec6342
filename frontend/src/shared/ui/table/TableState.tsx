import Button from '@mui/material/Button';
import type { ReactNode } from 'react';
import { asProblem } from '@/shared/api/problem';
import { Age } from '@/shared/time/Age';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';

/** What a table needs to know of where its rows come from: any query of TanStack Query fits. */
export interface TableQuery {
  isPending: boolean;
  error: unknown;
  refetch: () => unknown;
  /** Epoch milliseconds. */
  dataUpdatedAt: number;
  hasNextPage?: boolean;
  isFetchingNextPage?: boolean;
  fetchNextPage?: () => unknown;
}

/** Instead of rows: they are on their way, could not be fetched, or there are none. */
export function NoRows({ query, empty }: { query: TableQuery; empty: ReactNode }) {
  if (query.isPending) return <Waiting />;
  if (query.error) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />;
  return empty;
}

export function Waiting() {
  return (
    <div className="px-4 py-2">
      <SkeletonLines lines={8} />
    </div>
  );
}

/** Above rows that could not be brought up to date: how old they are. */
export function StaleRows({ query }: { query: TableQuery }) {
  return (
    <div
      role="status"
      className="flex shrink-0 items-center justify-between gap-3 bg-medium-wash px-4 py-1 text-medium"
    >
      <span>
        {asProblem(query.error).title}. Shown as it was{' '}
        <Age at={new Date(query.dataUpdatedAt).toISOString()} suffix=" ago" />.
      </span>
      <Button color="inherit" onClick={() => void query.refetch()}>
        Try again
      </Button>
    </div>
  );
}

/** After the last row that is here, while there are more. */
export function MoreRows({ query }: { query: TableQuery }) {
  if (!query.hasNextPage) return null;
  return (
    <div className="grid h-11 place-items-center text-faint">
      {query.isFetchingNextPage ? (
        <span role="status">Loading more</span>
      ) : (
        <Button onClick={() => void query.fetchNextPage?.()}>Load more</Button>
      )}
    </div>
  );
}
