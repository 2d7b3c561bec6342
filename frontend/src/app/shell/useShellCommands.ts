import { useColorScheme } from '@mui/material/styles';
import { useNavigate } from '@tanstack/react-router';
import { signOut } from '@/shared/api/client';
import { commandDialog, useCommands } from '@/shared/commands/registry';
import { setDensity, useDensity } from '@/shared/preferences/density';
import { useEntries } from './useEntries';

/** Where the text that was typed or pasted may lead. */
const FINDS = [
  {
    id: 'account',
    name: 'Open account',
    asks: 'an account',
    open: (accountId: string) => ({ to: '/accounts/$accountId', params: { accountId } }) as const,
  },
  {
    id: 'counterparty',
    name: 'Open counterparty',
    asks: 'a counterparty',
    open: (counterpartyId: string) =>
      ({ to: '/counterparties/$counterpartyId', params: { counterpartyId } }) as const,
  },
  {
    id: 'alerts',
    name: 'Alerts on account',
    asks: 'an account',
    open: (account: string) => ({ to: '/alerts', search: { status: 'all', account } }) as const,
  },
  {
    id: 'event',
    name: 'Open event',
    asks: 'an event id',
    open: (event: string) => ({ to: '/explore', search: { event } }) as const,
  },
];

/** What can be done on every screen. */
export function useShellCommands(): void {
  const navigate = useNavigate();
  const { setMode } = useColorScheme();
  const compact = useDensity() === 'compact';
  useCommands([
    ...useEntries().map(({ to, name, keys }) => ({
      id: `go${to}`,
      group: 'Go to',
      name,
      keys: [keys],
      run: () => void navigate({ to }),
    })),
    // An id copied from a page is found from anywhere.
    ...FINDS.map(({ id, name, asks, open }) => ({
      id: `find.${id}`,
      group: 'Find',
      name,
      asks,
      run: (text: string) => void navigate(open(text)),
    })),
    {
      id: 'commands',
      group: 'Everywhere',
      name: 'All commands',
      keys: ['mod+k'],
      quiet: true,
      run: () => commandDialog.set(commandDialog.get() === 'palette' ? null : 'palette'),
    },
    {
      id: 'keys',
      group: 'Everywhere',
      name: 'Show the keys',
      keys: ['?'],
      words: 'help shortcuts keyboard',
      run: () => commandDialog.set('help'),
    },
    ...(['light', 'dark', 'system'] as const).map((mode) => ({
      id: `theme.${mode}`,
      group: 'Appearance',
      name: mode === 'system' ? 'Colours of the system' : `${mode === 'light' ? 'Light' : 'Dark'} colours`,
      words: 'theme mode',
      run: () => setMode(mode),
    })),
    {
      id: 'density',
      group: 'Appearance',
      name: compact ? 'Comfortable rows' : 'Compact rows',
      words: 'density dense',
      run: () => setDensity(compact ? 'comfortable' : 'compact'),
    },
    { id: 'sign-out', group: 'Account', name: 'Sign out', words: 'log out leave', run: () => signOut() },
  ]);
}
