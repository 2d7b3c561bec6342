import { usePacksWithPage } from '@/shared/packs/usePacks';
import { useMe } from '@/shared/session/useMe';
import { ENTRIES, type Entry } from './entries';

/** The screens that the user's role may see; that of packs once one with a page is installed. */
export function useEntries(): Entry[] {
  const role = useMe().data?.role;
  const packs = usePacksWithPage().length > 0;
  return ENTRIES.filter(
    ({ to, roles }) => (to !== '/packs' || packs) && (!roles || (role !== undefined && roles.includes(role))),
  );
}
