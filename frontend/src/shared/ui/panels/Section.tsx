import { type PropsWithChildren, useId } from 'react';

/** A titled part of a panel, set off by a line. */
export function Section({ title, children }: PropsWithChildren<{ title: string }>) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="border-t border-line py-4">
      <h3 id={id} className="mb-2.5 font-semibold">
        {title}
      </h3>
      {children}
    </section>
  );
}
