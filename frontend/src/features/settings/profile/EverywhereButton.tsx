import Button from '@mui/material/Button';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { signOut } from '@/shared/api/client';
import { ConfirmDialog } from '@/shared/ui/ConfirmDialog';

/** Ends every session of the user, this one included. */
export function EverywhereButton() {
  const [asking, setAsking] = useState(false);
  const navigate = useNavigate();
  const cache = useQueryClient();
  const leave = () => {
    signOut({ everywhere: true });
    void navigate({ to: '/sign-in' }).then(() => cache.clear());
  };
  return (
    <>
      <Button variant="outlined" color="inherit" onClick={() => setAsking(true)}>
        Sign out everywhere…
      </Button>
      {asking && (
        <ConfirmDialog
          title="Sign out everywhere?"
          action="Sign out everywhere"
          onClose={() => setAsking(false)}
          onConfirm={leave}
        >
          <p className="text-muted">
            Every browser that you are signed in with has to sign in again, this one too.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
