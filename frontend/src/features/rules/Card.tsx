import type { PropsWithChildren, ReactNode } from 'react';
import { useId } from 'react';

interface Props {
  title: string;
  /** Beside the title. */
  aside?: ReactNode;
}

/** A titled part of the screen, on a surface of its own. */
export function Card({ title, aside, children }: PropsWithChildren<Props>) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="min-w-0 rounded-md border border-line bg-panel">
      <header className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-1.5">
        <h2 id={id} className="font-semibold">
          {title}
        </h2>
        {aside && <div className="ml-auto flex items-center gap-2">{aside}</div>}
      </header>
      <div className="p-4">{children}</div>
    </section>
  );
}
