import { useCommands } from './registry';

/** Escape closes what stands beside a screen, named `group` in the help of keys, while it is open. */
export function useCloseKey(group: string, open: boolean, close: () => void): void {
  useCommands([
    {
      id: 'panel.close',
      group,
      name: 'Close the panel',
      keys: ['escape'],
      quiet: true,
      when: open,
      run: close,
    },
  ]);
}
