import { client } from '@/shared/api/client';
import { session } from '@/shared/session/store';

const KEY = 'provider sign-in';

/** Where the identity provider's sign-in begins. The state in it comes back with the answer: this tab alone knows it. */
export function providerSignIn(): string {
  const state = Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
  sessionStorage.setItem(KEY, state);
  return `/api/v1/auth/oidc/login?state=${state}`;
}

/** Whether this tab asked for what came with `state`; it is asked for once. */
function asked(state: string | null): boolean {
  const expected = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  return expected !== null && expected === state;
}

/**
 * Starts the session that the identity provider's answer has brought, as the fragment of the address; false if it is
 * worth nothing, or if this tab did not ask for it: a link from elsewhere must not sign anybody in.
 */
export async function arrive(fragment: string): Promise<boolean> {
  const answer = new URLSearchParams(fragment);
  const refreshToken = answer.get('refresh_token');
  if (!asked(answer.get('state')) || refreshToken === null) return false;
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
