import Dialog from '@mui/material/Dialog';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import { session } from '@/shared/session/store';
import { useStore } from '@/shared/store';
import { SignInForm } from './SignInForm';

/** Asks to sign in again over the screen, which stays as it was. */
export default function SessionExpired() {
  const { email } = useStore(session);
  return (
    <Dialog open aria-labelledby="session-expired" maxWidth="xs" fullWidth>
      <DialogTitle id="session-expired">Your session has ended</DialogTitle>
      <DialogContent>
        <p className="mb-4 text-muted">
          Sign in again to go on where you are. Nothing on this screen is lost.
        </p>
        <SignInForm email={email ?? ''} />
      </DialogContent>
    </Dialog>
  );
}
