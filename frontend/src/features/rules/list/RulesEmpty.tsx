import Button from '@mui/material/Button';
import { Notice } from '@/shared/ui/notices/Notice';

/** No rule at all, or none that fits. */
export function RulesEmpty({ filtered, onReset }: { filtered: boolean; onReset: () => void }) {
  if (filtered) {
    return (
      <Notice
        title="No rule fits"
        action={
          <Button variant="outlined" onClick={onReset}>
            Show all rules
          </Button>
        }
      >
        None has this state, or a name or owner with this text.
      </Notice>
    );
  }
  return (
    <Notice title="There are no rules yet">
      The model judges alone. A rule adds what people know: a condition, and what it does to the score.
    </Notice>
  );
}
