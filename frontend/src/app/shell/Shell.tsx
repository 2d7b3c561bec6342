import IconButton from '@mui/material/IconButton';
import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useCommandKeys } from '@/shared/commands/keys';
import { commandDialog } from '@/shared/commands/registry';
import { session } from '@/shared/session/store';
import { useStore } from '@/shared/store';
import { Icon } from '@/shared/ui/Icon';
import { Brand } from './Brand';
import { ConnectionBadge } from './ConnectionBadge';
import { NarrowNavigation, WideNavigation } from './Navigation';
import { PopupButton } from './PopupButton';
import { useLeaveWhenSignedOut } from './useLeaveWhenSignedOut';
import { useShellCommands } from './useShellCommands';

const AppearancePopover = lazy(() => import('./AppearancePopover'));
const AccountMenu = lazy(() => import('./AccountMenu'));
const CommandPalette = lazy(() => import('./CommandPalette'));
const KeyHelp = lazy(() => import('./KeyHelp'));
const SessionExpired = lazy(() => import('@/features/session/SessionExpired'));

/** What every screen stands in: a bar at the top, and on a narrow screen the navigation at the bottom. */
export function Shell() {
  const { status } = useStore(session);
  useLeaveWhenSignedOut(status);
  const dialog = useStore(commandDialog);
  useCommandKeys();
  useShellCommands();
  return (
    // Clipped, not hidden: even what moves the focus cannot scroll the bars away.
    <div className="relative flex h-full flex-col overflow-clip">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-10 focus:rounded-sm focus:bg-panel focus:px-3 focus:py-2"
      >
        Skip to content
      </a>
      <header className="flex h-12 shrink-0 items-center gap-6 border-b border-line bg-panel px-4">
        <Brand />
        <WideNavigation />
        <div className="ml-auto flex items-center gap-1.5">
          <ConnectionBadge />
          <IconButton
            aria-label="Search and commands"
            aria-haspopup="dialog"
            onClick={() => commandDialog.set('palette')}
          >
            <Icon name="search" />
          </IconButton>
          <PopupButton name="Appearance" icon="sun" kind="dialog" popup={AppearancePopover} />
          <PopupButton name="Your account" icon="user" kind="menu" popup={AccountMenu} />
        </div>
      </header>
      <main id="main" tabIndex={-1} className="relative min-h-0 flex-1 overflow-clip outline-none">
        <Outlet />
      </main>
      <NarrowNavigation />
      {dialog && <Suspense>{dialog === 'palette' ? <CommandPalette /> : <KeyHelp />}</Suspense>}
      {status === 'expired' && (
        <Suspense>
          <SessionExpired />
        </Suspense>
      )}
    </div>
  );
}
