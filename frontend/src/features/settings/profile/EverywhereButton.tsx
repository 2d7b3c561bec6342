import Button from '@mui/material/Button';
import { useState } from 'react';
import { signOut } from '@/shared/api/client';
import { ConfirmDialog } from '@/shared/ui/dialogs/ConfirmDialog';

/** Ends every session of the user, this one included. */
export function EverywhereButton() {
  const [asking, setAsking] = useState(false);
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
          onConfirm={() => signOut({ everywhere: true })}
        >
          <p className="text-muted">
            Every browser that you are signed in with has to sign in again, this one too.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
