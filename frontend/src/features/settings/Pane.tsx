import { type PropsWithChildren, type ReactNode, useId } from 'react';

interface Props {
  title: string;
  /** One sentence under the title. */
  about: ReactNode;
  /** Beside the title. */
  action?: ReactNode;
}

/** A part of the settings: heading, what it is about, what can be made, and below it the rest. */
export function Pane({ title, about, action, children }: PropsWithChildren<Props>) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex min-h-0 flex-1 flex-col">
      <header className="mb-3 flex shrink-0 flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="max-w-2xl">
          <h1 id={id} className="text-lg font-semibold tracking-tight">
            {title}
          </h1>
          <p className="text-muted">{about}</p>
        </div>
        {action}
      </header>
      {children}
    </section>
  );
}

/** A frame for fields or a list within a pane. */
export function Card({ title, children }: PropsWithChildren<{ title?: string }>) {
  const id = useId();
  return (
    <section
      aria-labelledby={title && id}
      className="rounded-md border border-line bg-panel px-4 py-3.5 not-first:mt-3 sm:not-first:mt-4"
    >
      {title && (
        <h2 id={id} className="mb-2.5 font-semibold">
          {title}
        </h2>
      )}
      {children}
    </section>
  );
}
