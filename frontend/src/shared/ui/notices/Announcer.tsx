import { createStore, useStore } from '@/shared/store';

const message = createStore('');

/** Has `text` read out when the reader is done with what it is saying. */
export const announce = (text: string): void => message.set(text);

/** The page's one polite live region. */
export function Announcer() {
  return (
    <div role="status" aria-live="polite" className="sr-only">
      {useStore(message)}
    </div>
  );
}
