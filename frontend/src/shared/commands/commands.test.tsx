// @vitest-environment jsdom
import { fireEvent, render, renderHook } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { useCommandKeys } from './keys';
import { type Command, currentCommands, useCommands } from './registry';
import { search } from './search';

const command = (part: Partial<Command> & { id: string }): Command => ({
  group: 'Go to',
  name: part.id,
  run: () => undefined,
  ...part,
});

function Screen({ commands }: { commands: readonly Command[] }) {
  useCommandKeys();
  useCommands(commands);
  return <input aria-label="field" />;
}

const press = (key: string, target: Element = document.body, init = {}) =>
  fireEvent.keyDown(target, { key, ...init });

test('a command is there for as long as its screen, and acts as it last was', () => {
  const [first, second] = [vi.fn(), vi.fn()];
  const screen = render(<Screen commands={[command({ id: 'a', keys: ['a'], run: first })]} />);
  press('a');
  screen.rerender(<Screen commands={[command({ id: 'a', keys: ['a'], run: second })]} />);
  press('A');
  screen.unmount();
  press('a');
  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([1, 1]);
  expect(currentCommands()).toEqual([]);
});

test('two keys after each other are one command, and the second alone is its own', () => {
  const [both, alone] = [vi.fn(), vi.fn()];
  render(
    <Screen
      commands={[
        command({ id: 'gl', keys: ['g l'], run: both }),
        command({ id: 'l', keys: ['l'], run: alone }),
      ]}
    />,
  );
  press('l');
  press('g');
  press('l');
  press('l');
  expect([both.mock.calls.length, alone.mock.calls.length]).toEqual([1, 2]);
});

test('single keys rest in a field and with another modifier, a key with Ctrl does not', () => {
  const [single, held] = [vi.fn(), vi.fn()];
  const { getByLabelText } = render(
    <Screen
      commands={[
        command({ id: 'k', keys: ['k'], run: single }),
        command({ id: 'mk', keys: ['mod+k'], run: held }),
      ]}
    />,
  );
  press('k', getByLabelText('field'));
  press('k', document.body, { altKey: true });
  press('k', getByLabelText('field'), { ctrlKey: true });
  expect([single.mock.calls.length, held.mock.calls.length]).toEqual([0, 1]);
});

test('what cannot be done now is nowhere', () => {
  const run = vi.fn();
  render(<Screen commands={[command({ id: 'r', keys: ['r'], when: false, run })]} />);
  press('r');
  expect(run).not.toHaveBeenCalled();
  expect(currentCommands()).toEqual([]);
});

test('of two with one key the later has it', () => {
  const [shell, screen] = [vi.fn(), vi.fn()];
  renderHook(() => useCommandKeys());
  renderHook(() => useCommands([command({ id: 'shell.x', keys: ['x'], run: shell })]));
  renderHook(() => useCommands([command({ id: 'screen.x', keys: ['x'], run: screen })]));
  press('x');
  expect([shell.mock.calls.length, screen.mock.calls.length]).toEqual([0, 1]);
});

test('the palette finds by the beginnings of words, the name first, and offers what asks for text last', () => {
  const all = [
    command({ id: 'ask', name: 'Open account', asks: 'an id' }),
    command({ id: 'live', name: 'Live' }),
    command({ id: 'level', name: 'Show all levels', group: 'Live' }),
    command({ id: 'quiet', name: 'Live, quietly', quiet: true }),
  ];
  const ids = (text: string) => search(all, text).map(({ id }) => id);
  expect(ids('')).toEqual(['live', 'level']);
  expect(ids('li')).toEqual(['live', 'level', 'ask']);
  expect(ids('all lev')).toEqual(['level', 'ask']);
  expect(ids('ive')).toEqual(['ask']);
});
