import type { Permission } from '@/shared/api/types';
import { useMe } from './useMe';

/** Whether the user's role allows something. The server decides; this only leaves out what it would refuse. */
export function useMay(permission: Permission): boolean {
  return useMe().data?.permissions.includes(permission) ?? false;
}
