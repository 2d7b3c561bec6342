import Button from '@mui/material/Button';
import { utcTime } from '@/shared/time/format';

interface Props {
  query: { isFetching: boolean; dataUpdatedAt: number; refetch: () => unknown };
}

/** Fetches a list anew, and says from when the present one is: lists that grow do not move by themselves. */
export function RefreshButton({ query }: Props) {
  return (
    <>
      {query.dataUpdatedAt > 0 && (
        <span className="text-faint tabular-nums max-xl:hidden">
          as of {utcTime(new Date(query.dataUpdatedAt))} UTC
        </span>
      )}
      <Button loading={query.isFetching} onClick={() => void query.refetch()}>
        Refresh
      </Button>
    </>
  );
}
