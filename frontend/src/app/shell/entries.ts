import type { Role } from '@/shared/api/types';
import type { IconName } from '@/shared/ui/Icon';

export interface Entry {
  to:
    | '/live'
    | '/alerts'
    | '/explore'
    | '/rules'
    | '/lists'
    | '/packs'
    | '/model'
    | '/dead-letters'
    | '/audit'
    | '/settings';
  name: string;
  icon: IconName;
  /** Typed after each other, anywhere. */
  keys: string;
  /** Who may go there; everyone when it is not said. */
  roles?: readonly Role[];
}

/** On a narrow window so many screens are at hand, the rest are under More. */
export const AT_HAND = 3;

/** The screens, in the order of the navigation. */
export const ENTRIES: readonly Entry[] = [
  { to: '/live', name: 'Live', icon: 'live', keys: 'g l' },
  { to: '/alerts', name: 'Alerts', icon: 'alerts', keys: 'g a' },
  { to: '/explore', name: 'Explore', icon: 'explore', keys: 'g e' },
  { to: '/rules', name: 'Rules', icon: 'rules', keys: 'g r' },
  { to: '/lists', name: 'Lists', icon: 'lists', keys: 'g i' },
  { to: '/packs', name: 'Packs', icon: 'table', keys: 'g p' },
  { to: '/model', name: 'Model', icon: 'model', keys: 'g m' },
  { to: '/dead-letters', name: 'Dead letters', icon: 'letter', keys: 'g d', roles: ['admin'] },
  { to: '/audit', name: 'Audit', icon: 'audit', keys: 'g u', roles: ['admin'] },
  { to: '/settings', name: 'Settings', icon: 'settings', keys: 'g s' },
];
