import { client } from '@/shared/api/client';
import { session } from '@/shared/session/store';

/** Starts the session that the identity provider's answer has brought; false if it is worth nothing. */
export async function arrive(refreshToken: string): Promise<boolean> {
  const { data } = await client.POST('/api/v1/auth/refresh', {
    body: { refresh_token: refreshToken },
  });
  if (!data) return false;
  const begin = (email: string) =>
    session.start(data.access_token, email, data.expires_in, data.refresh_token);
  begin('');
  const me = await client.GET('/api/v1/auth/me');
  if (me.data) begin(me.data.email);
  return me.data !== undefined;
}
