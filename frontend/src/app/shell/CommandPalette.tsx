import Dialog from '@mui/material/Dialog';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { KeyNames } from '@/shared/commands/KeyNames';
import { type Command, commandDialog, useCurrentCommands } from '@/shared/commands/registry';
import { search } from '@/shared/commands/search';

const close = () => commandDialog.set(null);

/** Everything that can be done here, found by typing some of its name. */
export default function CommandPalette() {
  const commands = useCurrentCommands();
  const [text, setText] = useState('');
  const [place, setPlace] = useState(0);
  const list = useId();
  const found = search(commands, text);
  const chosen = found[Math.min(place, found.length - 1)];
  const run = (command: Command | undefined) => {
    if (!command || (command.asks && !text.trim())) return;
    close();
    command.run(text.trim());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setPlace((Math.min(place, found.length - 1) + step + found.length) % Math.max(1, found.length));
    else if (event.key === 'Enter') run(chosen);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog
      open
      onClose={close}
      transitionDuration={80}
      slotProps={{ paper: { 'aria-label': 'Commands', sx: { width: 560, alignSelf: 'flex-start', mt: 10 } } }}
    >
      <input
        role="combobox"
        aria-label="What do you want to do?"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={chosen && `${list}-${chosen.id}`}
        placeholder="What do you want to do?"
        autoComplete="off"
        autoFocus
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setPlace(0);
        }}
        onKeyDown={onKeyDown}
        className="border-b border-line bg-panel px-4 py-3 text-md -outline-offset-2 placeholder:text-faint"
      />
      <div id={list} role="listbox" aria-label="Commands" className="max-h-[50vh] overflow-y-auto py-1.5">
        {found.map((command) => (
          <Option
            key={command.id}
            id={`${list}-${command.id}`}
            command={command}
            text={text.trim()}
            chosen={command === chosen}
            onChoose={() => run(command)}
          />
        ))}
      </div>
      {found.length === 0 && <p className="px-4 pb-4 text-muted">Nothing here is called that.</p>}
    </Dialog>
  );
}

interface OptionProps {
  id: string;
  command: Command;
  text: string;
  chosen: boolean;
  onChoose: () => void;
}

function Option({ id, command, text, chosen, onChoose }: OptionProps) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (chosen) element.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above takes the keys
    <div
      ref={element}
      id={id}
      role="option"
      aria-selected={chosen}
      onClick={onChoose}
      className="flex min-h-9 cursor-pointer items-center gap-3 px-4 hover:bg-hover aria-selected:bg-selected"
    >
      <span className="w-20 shrink-0 truncate text-xs text-faint">{command.group}</span>
      <span className="min-w-0 flex-1 truncate">
        {command.name}
        {command.asks && <span className="font-medium"> “{text || command.asks}”</span>}
      </span>
      {command.keys?.[0] && <KeyNames keys={command.keys[0]} />}
    </div>
  );
}
