import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { initialFocus } from '@/shared/ui/dialogs/initialFocus';

interface Props<Item> {
  /** The question that the field answers. */
  question: string;
  /** What is listed, for who hears it. */
  label: string;
  /** What is found for the text, best first. */
  items: readonly Item[];
  text: string;
  onText: (text: string) => void;
  onChoose: (item: Item) => void;
  /** Shift and Enter, where they do something. */
  onPin?: (item: Item) => void;
  /** What a line says. */
  children: (item: Item) => ReactNode;
}

/** A field and what is found by it: arrow keys move through the list, Enter takes, the focus stays in the field. */
export function PickList<Item extends { id: string }>(props: Props<Item>) {
  const { question, label, items, text, onText, onChoose, onPin, children } = props;
  const [place, setPlace] = useState(0);
  const list = useId();
  const at = Math.min(place, items.length - 1);
  const chosen = items[at];
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setPlace((at + step + items.length) % Math.max(1, items.length));
    else if (event.key !== 'Enter') return;
    else if (chosen && event.shiftKey && onPin) onPin(chosen);
    else if (chosen) onChoose(chosen);
    event.preventDefault();
  };
  return (
    <>
      <input
        role="combobox"
        aria-label={question}
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={chosen && `${list}-${chosen.id}`}
        placeholder={question}
        autoComplete="off"
        {...initialFocus(true)}
        value={text}
        onChange={(event) => {
          onText(event.target.value);
          setPlace(0);
        }}
        onKeyDown={onKeyDown}
        className="border-b border-line bg-panel px-4 py-3 text-md -outline-offset-2 placeholder:text-faint"
      />
      <div id={list} role="listbox" aria-label={label} className="max-h-[50vh] overflow-y-auto py-1.5">
        {items.map((item) => (
          <Option
            key={item.id}
            id={`${list}-${item.id}`}
            chosen={item === chosen}
            onChoose={() => onChoose(item)}
          >
            {children(item)}
          </Option>
        ))}
      </div>
    </>
  );
}

interface OptionProps {
  id: string;
  chosen: boolean;
  onChoose: () => void;
  children: ReactNode;
}

function Option({ id, chosen, onChoose, children }: OptionProps) {
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
      {children}
    </div>
  );
}
