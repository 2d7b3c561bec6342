import { type PropsWithChildren, type ReactNode, useId } from 'react';

interface Props {
  title: string;
  /** Beside the title. */
  note?: ReactNode;
}

/** A titled list in a frame of its own. */
export function Box({ title, note, children }: PropsWithChildren<Props>) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="flex min-w-0 flex-col overflow-hidden rounded-md border border-line bg-panel"
    >
      <header className="flex h-11 shrink-0 items-center gap-2 border-b border-line px-4">
        <h2 id={id} className="font-semibold">
          {title}
        </h2>
        {note && <span className="text-faint">{note}</span>}
      </header>
      {children}
    </section>
  );
}
