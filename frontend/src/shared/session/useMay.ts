import type { Me } from '@/shared/api/types';
import { useMe } from './useMe';

export type Permission = Me['permissions'][number];

/** Whether the user's role allows something; the server decides, this only hides what it would refuse. */
export function useMay(permission: Permission): boolean {
  return useMe().data?.permissions.includes(permission) ?? false;
}
