import Dialog from '@mui/material/Dialog';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { destination, kindName } from '@/features/search/destinations';
import { type Place, places } from '@/features/search/places';
import { SHORTEST, useSearch } from '@/features/search/useSearch';
import { KeyNames } from '@/shared/commands/KeyNames';
import { type Command, commandDialog, useCurrentCommands } from '@/shared/commands/registry';
import { search } from '@/shared/commands/search';
import { LevelMark } from '@/shared/risk/scores/LevelMark';
import { useStore } from '@/shared/store';
import { PickList } from '@/shared/ui/fields/PickList';
import { Kbd } from '@/shared/ui/Kbd';
import { type Item, itemsFor } from './paletteItems';

const close = () => commandDialog.set(null);

/** Everything that has a name, and everything that can be done here, found by typing some of it. */
export default function CommandPalette() {
  const commands = useCurrentCommands();
  const navigate = useNavigate();
  const known = useStore(places);
  const [text, setText] = useState('');
  const found = useSearch(text);
  const hits = text.trim().length < SHORTEST ? [] : (found.data?.items ?? []);
  const items = itemsFor(text, hits, search(commands, text), known);
  const run = (command: Command) => {
    if (command.asks && !text.trim()) return;
    close();
    command.run(text.trim());
  };
  const open = (place: Place) => {
    close();
    places.open(place);
    void navigate(destination(place));
  };
  const choose = (item: Item) => (item.command ? run(item.command) : open(item.place));
  const pin = (item: Item) => item.place && places.pin(item.place);
  return (
    <Dialog
      open
      onClose={close}
      transitionDuration={80}
      slotProps={{
        paper: {
          'aria-label': 'Search and commands',
          sx: { width: 640, alignSelf: 'flex-start', mt: 10 },
        },
      }}
    >
      <PickList
        question="Find anything, or say what to do"
        label="Found"
        items={items}
        text={text}
        onText={setText}
        onChoose={choose}
        onPin={pin}
      >
        {(item) =>
          item.command ? <CommandLine command={item.command} text={text} /> : <PlaceLine item={item} />
        }
      </PickList>
      <Foot busy={found.isFetching} failed={found.isError} none={items.length === 0} text={text} />
    </Dialog>
  );
}

function CommandLine({ command, text }: { command: Command; text: string }) {
  return (
    <>
      <span className="w-24 shrink-0 truncate text-xs text-faint">{command.group}</span>
      <span className="min-w-0 flex-1 truncate">
        {command.name}
        {command.asks && <span className="font-medium"> “{text.trim() || command.asks}”</span>}
      </span>
      {command.keys?.[0] && <KeyNames keys={command.keys[0]} />}
    </>
  );
}

function PlaceLine({ item: { place, note, hit } }: { item: Extract<Item, { place: Place }> }) {
  return (
    <>
      <span className="w-24 shrink-0 truncate text-xs text-faint">{kindName(place.kind)}</span>
      <span className="min-w-0 flex-1 truncate">
        {hit?.level && (
          <>
            <LevelMark level={hit.level} />{' '}
          </>
        )}
        {place.name}
        {hit?.detail && <span className="text-faint"> · {hit.detail}</span>}
      </span>
      {note && <span className="shrink-0 text-xs text-faint">{note}</span>}
    </>
  );
}

interface FootProps {
  busy: boolean;
  failed: boolean;
  none: boolean;
  text: string;
}

function Foot({ busy, failed, none, text }: FootProps) {
  const said = failed
    ? 'The search does not answer; commands still work.'
    : none && text.trim() && !busy
      ? 'Nothing begins with that, even with one letter wrong.'
      : '';
  return (
    <p className="flex gap-4 border-t border-line px-4 py-2 text-xs text-muted">
      <span role="status">{said}</span>
      <span className="ml-auto shrink-0">
        <Kbd>Shift</Kbd> <Kbd>Enter</Kbd> pins
      </span>
    </p>
  );
}
