import Button from '@mui/material/Button';
import { plural } from '@/shared/format/number';
import type { Triage } from '../actions/useTriage';

/** What can be done with all that are ticked. */
export default function BulkBar({ triage }: { triage: Triage }) {
  const { targets, ticks } = triage;
  return (
    <div
      role="toolbar"
      aria-label="With the ticked alerts"
      className="flex shrink-0 flex-wrap items-center gap-2 border-t border-line bg-selected px-4 py-2"
    >
      <span className="mr-2 font-medium">{plural(targets.length, 'alert')} ticked</span>
      <Button variant="outlined" onClick={triage.acknowledge}>
        Acknowledge
      </Button>
      <Button variant="outlined" onClick={triage.assignToMe}>
        Assign to me
      </Button>
      <Button variant="outlined" onClick={() => triage.ask('assign')}>
        Assign…
      </Button>
      <Button variant="outlined" onClick={() => triage.ask('snooze')}>
        Snooze…
      </Button>
      <Button variant="contained" onClick={() => triage.ask('resolve')}>
        Resolve…
      </Button>
      <Button color="inherit" className="ml-auto!" onClick={ticks.clear}>
        Clear
      </Button>
    </div>
  );
}
