import Button from '@mui/material/Button';
import { lazy, Suspense, useState } from 'react';
import type { UserDetail } from '@/shared/api/types';
import { useMe } from '@/shared/session/useMe';
import { Moment } from '@/shared/time/Moment';
import { ConfirmDialog } from '@/shared/ui/dialogs/ConfirmDialog';
import { ProblemNotice } from '@/shared/ui/notices/ProblemNotice';
import { Fact, Facts } from '@/shared/ui/panels/Facts';
import { Section } from '@/shared/ui/panels/Section';
import { SidePanel } from '@/shared/ui/panels/SidePanel';
import { UserStatus } from './columns';
import { RoleChoice } from './RoleChoice';
import { UserSessions } from './UserSessions';
import { useUserActions } from './useUserActions';

const SecretDialog = lazy(() => import('@/shared/ui/dialogs/SecretDialog'));

/** One person: what they are, and what can be changed of it. */
export function UserPanel({ user, onClose }: { user: UserDetail; onClose: () => void }) {
  const { change, link } = useUserActions();
  const [closing, setClosing] = useState(false);
  const own = useMe().data?.id === user.id;
  const disabled = user.status === 'disabled';
  return (
    <SidePanel title={user.email} onClose={onClose}>
      <div className="pb-4">
        <Facts>
          <Fact name="Status">
            <UserStatus user={user} />
          </Fact>
          <Fact name="Since">
            <Moment at={user.created_at} />
          </Fact>
          {user.reset_requested_at && (
            <Fact name="Asked for a new password">
              <Moment at={user.reset_requested_at} />
            </Fact>
          )}
        </Facts>
      </div>
      <Section title="What they may do">
        <RoleChoice
          role={change.variables?.role && change.isPending ? change.variables.role : user.role}
          disabled={change.isPending || disabled}
          onChange={(role) => change.mutate({ id: user.id, role })}
        />
        {own && (
          <p className="mt-2 text-xs text-faint">This is you. The last administrator cannot step down.</p>
        )}
        {change.error && <ProblemNotice error={change.error} />}
      </Section>
      <Section title="Password">
        <p className="mb-2 text-muted">
          A link with which they set a password, once. Give it to them over a channel that you trust.
        </p>
        <Button
          variant="outlined"
          color="inherit"
          disabled={disabled}
          loading={link.isPending}
          onClick={() => link.mutate(user.id)}
        >
          Make a link
        </Button>
        {link.error && <ProblemNotice error={link.error} />}
      </Section>
      {!disabled && !own && <UserSessions id={user.id} />}
      <Section title="Account">
        <p className="mb-2 text-muted">
          {disabled
            ? 'Nobody can sign in with it. What they did keeps their name.'
            : 'Closing it ends their sessions at once. It can be opened again.'}
        </p>
        {disabled ? (
          <Button
            variant="outlined"
            color="inherit"
            loading={change.isPending}
            onClick={() => change.mutate({ id: user.id, disabled: false })}
          >
            Open the account
          </Button>
        ) : (
          <Button variant="outlined" color="error" onClick={() => setClosing(true)}>
            Close the account…
          </Button>
        )}
      </Section>
      {closing && (
        <ConfirmDialog
          title={`Close the account of ${user.email}?`}
          action="Close the account"
          grave
          busy={change.isPending}
          error={change.error}
          onClose={() => setClosing(false)}
          onConfirm={() =>
            change.mutate({ id: user.id, disabled: true }, { onSuccess: () => setClosing(false) })
          }
        >
          <p className="text-muted">
            Their sessions end now, and they cannot sign in until it is opened again.
          </p>
        </ConfirmDialog>
      )}
      {link.data && (
        <Suspense>
          <SecretDialog
            title="A link to set a password"
            label="link"
            secret={link.data.link}
            onClose={() => link.reset()}
          >
            For {user.email}, once, within a short time. It is shown this once; links made before are worth
            nothing any more.
          </SecretDialog>
        </Suspense>
      )}
    </SidePanel>
  );
}
