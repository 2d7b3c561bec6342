import Button from '@mui/material/Button';
import { asProblem } from '@/shared/api/problem';
import type { Alert } from '@/shared/api/types';
import { Kbd } from '@/shared/ui/Kbd';

interface Props {
  alert: Alert;
  busy: boolean;
  /** Why the last action on this alert was refused. */
  error: Error | null;
  onAcknowledge: () => void;
  onResolve: () => void;
}

/** What can be done now with an alert. */
export function AlertActions({ alert, busy, error, onAcknowledge, onResolve }: Props) {
  const problem = error && asProblem(error);
  return (
    <>
      {problem && (
        <p role="alert" className="mb-3 rounded-sm bg-critical-wash px-3 py-2 text-critical">
          <span className="font-medium">{problem.title}:</span> {problem.detail}
        </p>
      )}
      <div className="flex gap-2">
        {alert.status === 'open' && (
          <Button
            variant="contained"
            disabled={busy}
            onClick={onAcknowledge}
            aria-keyshortcuts="A"
            endIcon={<KeyHint name="A" />}
          >
            Acknowledge
          </Button>
        )}
        <Button
          variant={alert.status === 'open' ? 'outlined' : 'contained'}
          disabled={busy}
          onClick={onResolve}
          aria-keyshortcuts="R"
          endIcon={<KeyHint name="R" />}
        >
          Resolve…
        </Button>
      </div>
    </>
  );
}

/** Not part of the button's name: `aria-keyshortcuts` tells it. */
function KeyHint({ name }: { name: string }) {
  return (
    <span aria-hidden="true" className="flex">
      <Kbd>{name}</Kbd>
    </span>
  );
}
