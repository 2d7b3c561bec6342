import type { PropsWithChildren } from 'react';

/** Names and values, in two columns. */
export function Facts({ children }: PropsWithChildren) {
  return <dl className="grid grid-cols-[7.5rem_1fr] gap-x-3 gap-y-1.5">{children}</dl>;
}

export function Fact({ name, children }: PropsWithChildren<{ name: string }>) {
  return (
    <>
      <dt className="truncate text-faint" title={name}>
        {name}
      </dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
