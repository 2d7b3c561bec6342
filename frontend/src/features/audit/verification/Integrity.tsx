import Button from '@mui/material/Button';
import { asProblem } from '@/shared/api/problem';
import { count, plural } from '@/shared/format/number';
import { Age } from '@/shared/time/Age';
import { useNow } from '@/shared/time/useNow';
import { Icon } from '@/shared/ui/Icon';
import { useCheckpoint } from './useCheckpoint';
import { useLastVerification } from './useLastVerification';
import { useVerification } from './useVerification';
import { VerificationResult } from './VerificationResult';

/** A checkpoint is signed every minute while the log grows: after so long without one, something is wrong. */
const LATE_MS = 10 * 60_000;

type State = 'good' | 'warn' | 'bad';
const LOOK: Record<State, string> = {
  good: 'text-accent',
  warn: 'text-medium',
  bad: 'text-critical',
};

interface Props {
  /** Left out for who may not erase. */
  onErase: (() => void) | undefined;
}

/** Whether the log is what it was: the newest signed checkpoint, what was verified last, and the way to do it now. */
export default function Integrity({ onErase }: Props) {
  const checkpoint = useCheckpoint();
  const last = useLastVerification();
  const { now, start, stop } = useVerification();
  const running = now.state === 'running';
  return (
    <section
      aria-label="Integrity"
      className="flex shrink-0 flex-wrap items-center gap-x-6 gap-y-2 rounded-md border border-line bg-panel px-4 py-2.5"
    >
      <Verified last={last.data} error={last.error} pending={last.isPending} />
      <Signed checkpoint={checkpoint} />
      <div className="ml-auto flex min-w-56 items-center justify-end gap-3">
        {running && (
          <>
            <span className="text-muted tabular-nums">
              {now.of > 0 ? `${count(now.checked)} of ${count(now.of)}` : 'Starting'}
            </span>
            <progress
              aria-label="Verification"
              className="h-1.5 w-28 accent-accent"
              max={now.of || 1}
              value={now.of ? now.checked : undefined}
            />
            <Button onClick={stop}>Stop</Button>
          </>
        )}
        {onErase && (
          <Button variant="outlined" color="inherit" onClick={onErase}>
            Erase a value…
          </Button>
        )}
        {!running && (
          <Button
            variant="contained"
            disabled={!checkpoint.data}
            startIcon={<Icon name="audit" size={14} />}
            onClick={() => void start()}
          >
            Verify now
          </Button>
        )}
      </div>
      {now.state !== 'idle' && !running && <VerificationResult of={now} />}
    </section>
  );
}

function Badge({ state, title, children }: { state: State; title: string; children: React.ReactNode }) {
  return (
    <div data-integrity={state}>
      <p className={`flex items-center gap-1.5 font-semibold ${LOOK[state]}`}>
        <Icon name={state === 'good' ? 'audit' : 'alerts'} size={15} /> {title}
      </p>
      <p className="text-muted">{children}</p>
    </div>
  );
}

function Verified({
  last,
  error,
  pending,
}: {
  last: ReturnType<typeof useLastVerification>['data'];
  error: unknown;
  pending: boolean;
}) {
  if (pending) return <span className="h-10 w-52 animate-pulse rounded-xs bg-sunken" />;
  if (error) {
    return (
      <Badge state="warn" title="Not known whether it was verified">
        {asProblem(error).detail}
      </Badge>
    );
  }
  if (!last) {
    return (
      <Badge state="warn" title="Never verified yet">
        Verify it to see whether every record is what was signed.
      </Badge>
    );
  }
  if (!last.ok) {
    return (
      <Badge state="bad" title="The log was changed">
        The last verification, <Age at={last.at} suffix=" ago" />, found records that are not what was signed.
      </Badge>
    );
  }
  return (
    <Badge state="good" title="Verified">
      up to record {count(last.verified)}, <Age at={last.at} suffix=" ago" />
    </Badge>
  );
}

function Signed({ checkpoint }: { checkpoint: ReturnType<typeof useCheckpoint> }) {
  const now = useNow();
  if (checkpoint.isPending) return <span className="h-10 w-52 animate-pulse rounded-xs bg-sunken" />;
  if (!checkpoint.data) {
    const problem = asProblem(checkpoint.error);
    const none = problem.status === 404;
    return (
      <Badge
        state={problem.status === 409 ? 'bad' : 'warn'}
        title={
          none
            ? 'No checkpoint yet'
            : problem.status === 409
              ? 'The checkpoint does not verify'
              : problem.title
        }
      >
        {problem.detail}
      </Badge>
    );
  }
  const { size, signed_at } = checkpoint.data;
  const late = now - Date.parse(signed_at) > LATE_MS;
  return (
    <Badge state={late ? 'warn' : 'good'} title={late ? 'The last checkpoint is old' : 'Signed'}>
      {plural(size, 'record')}, <Age at={signed_at} suffix=" ago" />
    </Badge>
  );
}
