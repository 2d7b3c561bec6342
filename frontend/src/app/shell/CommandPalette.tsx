import Dialog from '@mui/material/Dialog';
import { useState } from 'react';
import { KeyNames } from '@/shared/commands/KeyNames';
import { type Command, commandDialog, useCurrentCommands } from '@/shared/commands/registry';
import { search } from '@/shared/commands/search';
import { PickList } from '@/shared/ui/fields/PickList';

const close = () => commandDialog.set(null);

/** Everything that can be done here, found by typing some of its name. */
export default function CommandPalette() {
  const commands = useCurrentCommands();
  const [text, setText] = useState('');
  const found = search(commands, text);
  const run = (command: Command) => {
    if (command.asks && !text.trim()) return;
    close();
    command.run(text.trim());
  };
  return (
    <Dialog
      open
      onClose={close}
      transitionDuration={80}
      slotProps={{
        paper: {
          'aria-label': 'Commands',
          sx: { width: 560, alignSelf: 'flex-start', mt: 10 },
        },
      }}
    >
      <PickList
        question="What do you want to do?"
        label="Commands"
        items={found}
        text={text}
        onText={setText}
        onChoose={run}
      >
        {(command) => (
          <>
            <span className="w-20 shrink-0 truncate text-xs text-faint">{command.group}</span>
            <span className="min-w-0 flex-1 truncate">
              {command.name}
              {command.asks && <span className="font-medium"> “{text.trim() || command.asks}”</span>}
            </span>
            {command.keys?.[0] && <KeyNames keys={command.keys[0]} />}
          </>
        )}
      </PickList>
      {found.length === 0 && <p className="px-4 pb-4 text-muted">Nothing here is called that.</p>}
    </Dialog>
  );
}
