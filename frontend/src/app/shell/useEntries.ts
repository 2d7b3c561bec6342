import { useMe } from '@/shared/session/useMe';
import { ENTRIES, type Entry } from './entries';

/** The screens that the user's role may see. */
export function useEntries(): Entry[] {
  const role = useMe().data?.role;
  return ENTRIES.filter(({ roles }) => !roles || (role !== undefined && roles.includes(role)));
}
