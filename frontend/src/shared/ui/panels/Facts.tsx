import type { PropsWithChildren } from 'react';

/** Names and values, in two columns. */
export function Facts({ children }: PropsWithChildren) {
  return <dl className="grid grid-cols-[7.5rem_1fr] gap-x-3 gap-y-1.5">{children}</dl>;
}

interface FactProps {
  name: string;
  /** How it looks while it is pointed out. */
  lit?: string | undefined;
}

export function Fact({ name, lit, children }: PropsWithChildren<FactProps>) {
  return (
    <>
      <dt className={`truncate text-faint ${lit ? `-ml-2 pl-2 ${lit}` : ''}`} title={name}>
        {name}
      </dt>
      <dd
        className={`min-w-0 break-words ${lit ? '-ml-3 bg-accent-wash pl-3' : ''}`}
        data-lit={lit ? true : undefined}
      >
        {children}
      </dd>
    </>
  );
}
