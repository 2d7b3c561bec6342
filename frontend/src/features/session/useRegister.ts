import { useMutation } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';

interface Account {
  email: string;
  password: string;
}

/** Makes an account with the role viewer. */
export function useRegister() {
  return useMutation({
    mutationFn: (body: Account) => unwrap(client.POST('/api/v1/auth/register', { body })),
  });
}
