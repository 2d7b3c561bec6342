import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { signOut } from '@/shared/api/client';

/** Ends the session, and forgets what it has fetched. */
export function useSignOut(): () => void {
  const navigate = useNavigate();
  const cache = useQueryClient();
  return () => {
    signOut();
    void navigate({ to: '/sign-in' }).then(() => cache.clear());
  };
}
