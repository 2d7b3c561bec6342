import { useMe } from './useMe';

/** Whether the user's role allows acting on alerts. The server decides; this only hides what it would refuse. */
export function useMayAct(): boolean {
  const role = useMe().data?.role;
  return role === 'analyst' || role === 'admin';
}
