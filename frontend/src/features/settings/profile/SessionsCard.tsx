import Button from '@mui/material/Button';
import { useState } from 'react';
import { ConfirmDialog } from '@/shared/ui/dialogs/ConfirmDialog';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { SkeletonLines } from '@/shared/ui/panels/SkeletonLines';
import { Card } from '../Pane';
import { Sessions } from '../Sessions';
import { EverywhereButton } from './EverywhereButton';
import { useSessions } from './useSessions';

/** Where one is signed in, and the end of it. */
export function SessionsCard() {
  const { list, end, endOthers } = useSessions();
  const [asking, setAsking] = useState(false);
  const close = () => setAsking(false);
  const others = list.data?.some(({ current }) => !current) ?? false;
  return (
    <Card title="Sessions">
      <p className="mb-3 text-muted">
        Where you are signed in: each tab of a browser is a session. No browser or address is kept with it, so
        go by the times, and end what you do not know.
      </p>
      {list.isPending && <SkeletonLines lines={4} />}
      {list.error && !list.data && <ProblemNotice error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && (
        <Sessions
          sessions={list.data}
          action={({ id, current }) =>
            !current && (
              <Button
                color="inherit"
                variant="outlined"
                loading={end.isPending && end.variables === id}
                onClick={() => end.mutate(id)}
              >
                End
              </Button>
            )
          }
        />
      )}
      {end.error && <ProblemNotice error={end.error} />}
      <div className="mt-4 flex flex-wrap gap-2">
        <Button variant="outlined" color="inherit" disabled={!others} onClick={() => setAsking(true)}>
          End all others…
        </Button>
        <EverywhereButton />
      </div>
      {asking && (
        <ConfirmDialog
          title="End all other sessions?"
          action="End all others"
          busy={endOthers.isPending}
          error={endOthers.error}
          onClose={close}
          onConfirm={() => endOthers.mutate(undefined, { onSuccess: close })}
        >
          <p className="text-muted">
            Every other tab and browser that you are signed in with has to sign in again. This one stays.
          </p>
        </ConfirmDialog>
      )}
    </Card>
  );
}
