import { useMutation } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

/** Opens an account with the role viewer for the owner of an address. */
export function useRegister() {
  return useMutation({
    mutationFn: (email: string) => unwrap(client.POST('/api/v1/auth/register', { body: { email } })),
  });
}
