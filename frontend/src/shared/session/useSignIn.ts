import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import { session } from './store';

interface Credentials {
  email: string;
  password: string;
}

/** Signs in; what another user's session left in the cache is dropped, one's own is brought up to date. */
export function useSignIn() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: Credentials) => unwrap(client.POST('/api/v1/auth/login', { body })),
    onSuccess: (token, { email }) => {
      const before = session.get().email;
      session.start(token.access_token, email, token.expires_in, token.refresh_token);
      if (before === email) void cache.invalidateQueries();
      else void cache.resetQueries();
    },
  });
}
