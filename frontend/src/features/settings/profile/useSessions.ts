import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, done, unwrap } from '@/shared/api/client';
import { announce } from '@/shared/ui/notices/Announcer';

const SESSIONS = ['sessions'] as const;

/** One's own sessions, and the ways to end them. */
export function useSessions() {
  const cache = useQueryClient();
  const list = useQuery({
    queryKey: SESSIONS,
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/auth/sessions', { signal }))).items,
  });
  // Also when it was refused: that it has ended meanwhile shows in the list.
  const onSettled = () => cache.invalidateQueries({ queryKey: SESSIONS });
  const end = useMutation({
    mutationFn: (id: string) =>
      done(client.DELETE('/api/v1/auth/sessions/{session_id}', { params: { path: { session_id: id } } })),
    onSuccess: () => announce('The session has ended'),
    onSettled,
  });
  const endOthers = useMutation({
    mutationFn: () => done(client.DELETE('/api/v1/auth/sessions')),
    onSuccess: () => announce('All other sessions have ended'),
    onSettled,
  });
  return { list, end, endOthers };
}
