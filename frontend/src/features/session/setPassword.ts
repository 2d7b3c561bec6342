import { client, done } from '@/shared/api/client';

/** Sets a password with the token of a link. */
export const setPassword = (body: { token: string; password: string }): Promise<void> =>
  done(client.POST('/api/v1/auth/password/reset', { body }));
