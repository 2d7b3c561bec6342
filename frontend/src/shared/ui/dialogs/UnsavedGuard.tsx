import { useBlocker } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { session } from '@/shared/session/store';

const LeaveDialog = lazy(() => import('./LeaveDialog'));

interface Props {
  unsaved: boolean;
  /** What would be lost: `The thresholds`. */
  what: string;
}

/** Asks before edits are left behind: on the way to another screen here, and by the browser when the page is left. */
export function UnsavedGuard({ unsaved, what }: Props) {
  const blocker = useBlocker({
    // Another part of the same screen is no other place; and whoever signs out has decided.
    shouldBlockFn: ({ current, next }) =>
      unsaved && current.pathname !== next.pathname && session.get().status !== 'signed-out',
    enableBeforeUnload: unsaved,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return (
    <Suspense>
      <LeaveDialog what={what} onStay={blocker.reset} onLeave={blocker.proceed} />
    </Suspense>
  );
}
