import { type ComponentType, lazy } from 'react';
import type { Permission } from '@/shared/session/useMay';

export interface Section {
  id: string;
  name: string;
  group: 'You' | 'Scoring' | 'Access' | 'Outside';
  /** Without it the section is not listed, and its address says why. */
  needs?: Permission;
  screen: ComponentType;
}

/** The parts of the settings, each loaded when it is opened. */
export const SECTIONS: readonly Section[] = [
  { id: 'profile', name: 'Profile', group: 'You', screen: lazy(() => import('./profile/ProfileSection')) },
  {
    id: 'appearance',
    name: 'Appearance',
    group: 'You',
    screen: lazy(() => import('./profile/AppearanceSection')),
  },
  {
    id: 'thresholds',
    name: 'Thresholds and alerts',
    group: 'Scoring',
    needs: 'config:read',
    screen: lazy(() => import('./config/ConfigSection')),
  },
  {
    id: 'decisions',
    name: 'Decisions',
    group: 'Scoring',
    needs: 'config:read',
    screen: lazy(() => import('./decisions/DecisionsSection')),
  },
  {
    id: 'features',
    name: 'Features',
    group: 'Scoring',
    needs: 'rules:read',
    screen: lazy(() => import('./features/FeaturesSection')),
  },
  {
    id: 'event-types',
    name: 'Event types',
    group: 'Scoring',
    needs: 'config:read',
    screen: lazy(() => import('./event_types/EventTypesSection')),
  },
  {
    id: 'packs',
    name: 'Packs',
    group: 'Scoring',
    needs: 'packs:manage',
    screen: lazy(() => import('./packs/PacksSection')),
  },
  {
    id: 'users',
    name: 'Users',
    group: 'Access',
    needs: 'users:manage',
    screen: lazy(() => import('./users/UsersSection')),
  },
  {
    id: 'keys',
    name: 'API keys',
    group: 'Access',
    needs: 'keys:manage',
    screen: lazy(() => import('./keys/KeysSection')),
  },
  {
    id: 'import',
    name: 'Import',
    group: 'Outside',
    needs: 'imports:manage',
    screen: lazy(() => import('./imports/ImportSection')),
  },
  {
    id: 'webhooks',
    name: 'Webhooks',
    group: 'Outside',
    needs: 'webhooks:manage',
    screen: lazy(() => import('./webhooks/WebhooksSection')),
  },
];
