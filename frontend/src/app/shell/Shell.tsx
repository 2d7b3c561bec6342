import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { session } from '@/shared/session/store';
import { useStore } from '@/shared/store';
import { Brand } from './Brand';
import { ConnectionBadge } from './ConnectionBadge';
import { Navigation } from './Navigation';
import { PopupButton } from './PopupButton';

const AppearancePopover = lazy(() => import('./AppearancePopover'));
const AccountMenu = lazy(() => import('./AccountMenu'));
const SessionExpired = lazy(() => import('@/features/session/SessionExpired'));

/** What every screen stands in: a bar at the top, and on a narrow screen the navigation at the bottom. */
export function Shell() {
  const expired = useStore(session).status === 'expired';
  return (
    <div className="flex h-full flex-col">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-10 focus:rounded-sm focus:bg-panel focus:px-3 focus:py-2"
      >
        Skip to content
      </a>
      <header className="flex h-12 shrink-0 items-center gap-6 border-b border-line bg-panel px-4">
        <Brand />
        <Navigation className="hidden h-full gap-1 sm:flex" />
        <div className="ml-auto flex items-center gap-1.5">
          <ConnectionBadge />
          <PopupButton name="Appearance" icon="sun" kind="dialog" popup={AppearancePopover} />
          <PopupButton name="Your account" icon="user" kind="menu" popup={AccountMenu} />
        </div>
      </header>
      <main id="main" tabIndex={-1} className="min-h-0 flex-1 outline-none">
        <Outlet />
      </main>
      <Navigation className="flex h-13 shrink-0 justify-around border-t border-line bg-panel sm:hidden" />
      {expired && (
        <Suspense>
          <SessionExpired />
        </Suspense>
      )}
    </div>
  );
}
