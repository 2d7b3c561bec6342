import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, done, unwrap } from '@/shared/api/client';
import { announce } from '@/shared/ui/notices/Announcer';

/** Where somebody else is signed in, and the end of it. */
export function useUserSessions(id: string) {
  const cache = useQueryClient();
  const queryKey = ['user-sessions', id];
  const params = { path: { user_id: id } };
  const list = useQuery({
    queryKey,
    queryFn: async ({ signal }) =>
      (await unwrap(client.GET('/api/v1/users/{user_id}/sessions', { params, signal }))).items,
  });
  const endAll = useMutation({
    mutationFn: () => done(client.DELETE('/api/v1/users/{user_id}/sessions', { params })),
    onSuccess: () => announce('Their sessions have ended'),
    onSettled: () => cache.invalidateQueries({ queryKey }),
  });
  return { list, endAll };
}
