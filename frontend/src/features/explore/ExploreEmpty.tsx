import Button from '@mui/material/Button';
import { Notice } from '@/shared/ui/notices/Notice';

/** Nothing to list: because nothing was scored yet, or because of the filter. */
export function ExploreEmpty({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  if (!filtered) {
    return (
      <Notice title="Nothing has been scored yet">
        Every event that the engine scores is listed here, for as long as it is kept.
      </Notice>
    );
  }
  return (
    <Notice
      title="No assessment matches these filters"
      action={
        <Button variant="outlined" onClick={onClear}>
          Clear the filters
        </Button>
      }
    >
      Try a longer time or a lower level. Accounts and counterparties have to be given exactly.
    </Notice>
  );
}
