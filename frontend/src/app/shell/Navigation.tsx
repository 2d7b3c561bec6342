import { lazy } from 'react';
import { AT_HAND } from './entries';
import { NavigationLink } from './NavigationLink';
import { PopupButton } from './PopupButton';
import { useEntries } from './useEntries';

const MoreMenu = lazy(() => import('./MoreMenu'));

/** In the bar at the top, with every screen. */
export function WideNavigation() {
  return (
    <nav aria-label="Main" className="hidden h-full lg:flex">
      {useEntries().map((entry) => (
        <NavigationLink key={entry.to} entry={entry} />
      ))}
    </nav>
  );
}

/** At the bottom of a narrow window, under the thumb. */
export function NarrowNavigation() {
  const entries = useEntries();
  return (
    <nav
      aria-label="Main"
      className="flex h-13 shrink-0 border-t border-line bg-panel pb-[env(safe-area-inset-bottom)] lg:hidden"
    >
      {entries.slice(0, AT_HAND).map((entry) => (
        <NavigationLink key={entry.to} entry={entry} />
      ))}
      {entries.length > AT_HAND && (
        <span className="grid flex-1 place-items-center">
          <PopupButton name="More screens" icon="menu" kind="menu" popup={MoreMenu} />
        </span>
      )}
    </nav>
  );
}
