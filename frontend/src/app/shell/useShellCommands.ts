import { useColorScheme } from '@mui/material/styles';
import { useNavigate } from '@tanstack/react-router';
import { signOut } from '@/shared/api/client';
import { commandDialog, useCommands } from '@/shared/commands/registry';
import { setDensity, useDensity } from '@/shared/preferences/density';
import { useEntries } from './useEntries';

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
    {
      id: 'commands',
      group: 'Everywhere',
      name: 'Search and commands',
      keys: ['mod+k', '/'],
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
