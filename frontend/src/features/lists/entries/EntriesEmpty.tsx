import Button from '@mui/material/Button';
import { Notice } from '@/shared/ui/notices/Notice';

/** Nothing is on the list, or nothing that fits. */
export function EntriesEmpty({ text, onReset }: { text: string; onReset: () => void }) {
  if (!text) return <Notice title="Nothing is on this list">Rules that ask for it find nothing.</Notice>;
  return (
    <Notice
      title="No entry fits"
      action={
        <Button variant="outlined" onClick={onReset}>
          Show all
        </Button>
      }
    >
      Nothing on this list has “{text}” in it.
    </Notice>
  );
}
