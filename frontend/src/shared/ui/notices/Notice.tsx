import type { ReactNode } from 'react';

interface Props {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  /** It is all that the page has. */
  page?: boolean;
  /** Announce it at once. */
  alert?: boolean;
}

/** Says why there is nothing here, and what to do about it. */
export function Notice({ title, children, action, page = false, alert = false }: Props) {
  const Title = page ? 'h1' : 'p';
  return (
    <div
      role={alert ? 'alert' : undefined}
      className="mx-auto flex max-w-sm flex-col items-center gap-1.5 px-6 py-12 text-center"
    >
      <Title className="text-md font-semibold">{title}</Title>
      {children && <p className="text-muted">{children}</p>}
      {action && <div className="mt-3 flex gap-2">{action}</div>}
    </div>
  );
}
