import { client } from '@/shared/api/client';
import { toProblem, unreachable } from '@/shared/api/problem';

/** Sets a password with the token of a link; the answer has no body. */
export async function setPassword(body: { token: string; password: string }): Promise<void> {
  const answer = await client.POST('/api/v1/auth/password/reset', { body }).catch(() => {
    throw unreachable();
  });
  if (!answer.response.ok) throw toProblem(answer.response.status, answer.error);
}
