import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from '@/shared/api/client';
import type { Role } from '@/shared/api/types';
import { USERS } from './useUsers';

interface Change {
  id: string;
  role?: Role;
  disabled?: boolean;
}

/** What an administrator can do to other people's accounts. */
export function useUserActions() {
  const cache = useQueryClient();
  const onSuccess = () => cache.invalidateQueries({ queryKey: USERS });
  const invite = useMutation({
    mutationFn: (body: { email: string; role: Role }) =>
      unwrap(client.POST('/api/v1/users/invite', { body })),
    onSuccess,
  });
  const change = useMutation({
    mutationFn: ({ id, ...body }: Change) =>
      unwrap(
        client.PATCH('/api/v1/users/{user_id}', { params: { path: { user_id: id } }, body: body as never }),
      ),
    onSuccess,
  });
  const link = useMutation({
    mutationFn: (id: string) =>
      unwrap(client.POST('/api/v1/users/{user_id}/reset-link', { params: { path: { user_id: id } } })),
  });
  return { invite, change, link };
}
