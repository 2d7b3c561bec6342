import { type Command, useCommands } from '@/shared/commands/registry';
import { autoAdvance } from './autoAdvance';
import type { Triage } from './useTriage';

const GROUP = 'Alerts';

/** The keys of the desk, which the palette and the help know as well. */
export function useAlertCommands(triage: Triage, onClose: () => void, onRefresh: () => void): void {
  const { alert, can, mayAct, ticks, desk, targets } = triage;
  const all = (when: boolean, commands: Omit<Command, 'group' | 'when'>[]): Command[] =>
    commands.map((each) => ({ ...each, group: GROUP, when }));
  useCommands([
    ...all(true, [
      { id: 'alerts.next', name: 'Next alert', keys: ['j'], quiet: true, run: () => triage.move(1) },
      { id: 'alerts.previous', name: 'Previous alert', keys: ['k'], quiet: true, run: () => triage.move(-1) },
      { id: 'alerts.refresh', name: 'Show the list as it is now', keys: ['.'], run: onRefresh },
    ]),
    ...all(can, [
      { id: 'alerts.acknowledge', name: 'Acknowledge', keys: ['a'], run: triage.acknowledge },
      { id: 'alerts.resolve', name: 'Resolve…', keys: ['r'], run: () => triage.ask('resolve') },
      { id: 'alerts.snooze', name: 'Snooze…', keys: ['s'], run: () => triage.ask('snooze') },
      { id: 'alerts.mine', name: 'Assign to me', keys: ['m'], run: triage.assignToMe },
      { id: 'alerts.assign', name: 'Assign to a colleague…', keys: ['t'], run: () => triage.ask('assign') },
    ]),
    ...all(can && targets.some(({ assignee }) => assignee === triage.me), [
      { id: 'alerts.back', name: 'Give back, to nobody', keys: ['u'], run: triage.giveBack },
    ]),
    ...all(mayAct, [
      { id: 'alerts.unassigned', name: 'Take the next unassigned', keys: ['n'], run: desk.claimNext },
      {
        id: 'alerts.advance',
        name: 'Auto-advance after resolving: on or off',
        run: () => autoAdvance.set(!autoAdvance.get()),
      },
    ]),
    ...all(mayAct && desk.undoable !== null, [
      { id: 'alerts.undo', name: 'Undo', keys: ['z'], run: desk.undo },
    ]),
    ...all(mayAct && alert !== undefined, [
      {
        id: 'alerts.tick',
        name: 'Tick, to act on several',
        keys: ['x'],
        quiet: true,
        run: () => alert && ticks.toggle(alert.id),
      },
    ]),
    ...all(ticks.checked.size > 0 || alert !== undefined, [
      {
        id: 'alerts.close',
        name: 'Clear the ticks, then close the panel',
        keys: ['escape'],
        quiet: true,
        run: () => (ticks.checked.size > 0 ? ticks.clear() : onClose()),
      },
    ]),
  ]);
}
