import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { places } from '@/features/search/places';
import type { Session } from '@/shared/session/store';

/** Goes to the sign-in page and forgets what was fetched once the session is ended, here or in another tab. */
export function useLeaveWhenSignedOut(status: Session['status']): void {
  const navigate = useNavigate();
  const cache = useQueryClient();
  useEffect(() => {
    if (status !== 'signed-out') return;
    places.forget();
    void navigate({ to: '/sign-in' }).then(() => cache.clear());
  }, [status, navigate, cache]);
}
