import Button from '@mui/material/Button';
import { useZone } from '@/shared/preferences/zone';
import { clock } from '@/shared/time/format';
import { ZoneName } from '@/shared/time/Moment';

interface Props {
  query: { isFetching: boolean; dataUpdatedAt: number; refetch: () => unknown };
}

/** Fetches a list anew, and says from when the present one is: lists that grow do not move by themselves. */
export function RefreshButton({ query }: Props) {
  useZone();
  return (
    <>
      {query.dataUpdatedAt > 0 && (
        <span className="text-faint tabular-nums max-xl:hidden">
          as of {clock(new Date(query.dataUpdatedAt))} <ZoneName />
        </span>
      )}
      <Button loading={query.isFetching} onClick={() => void query.refetch()}>
        Refresh
      </Button>
    </>
  );
}
