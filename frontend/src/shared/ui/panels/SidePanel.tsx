import IconButton from '@mui/material/IconButton';
import type { PropsWithChildren, ReactNode } from 'react';
import { lazy, Suspense, useId } from 'react';
import { Icon } from '../Icon';
import { useWide } from '../useWide';

const PanelDrawer = lazy(() => import('./PanelDrawer'));

interface Props {
  title: string;
  onClose: () => void;
  /** Below the content, always in sight. */
  footer?: ReactNode;
  /** For what needs more room: drawings, long lines. */
  wide?: boolean;
}

/** Beside the list when there is room; over it, as a dialog, when there is not. */
export function SidePanel({ title, onClose, footer, wide = false, children }: PropsWithChildren<Props>) {
  const beside = useWide();
  const heading = useId();
  const body = (
    <>
      <header className="flex h-11 shrink-0 items-center justify-between border-b border-line pr-2 pl-4">
        <h2 id={heading} className="font-semibold">
          {title}
        </h2>
        <IconButton aria-label="Close panel" onClick={onClose}>
          <Icon name="close" size={14} />
        </IconButton>
      </header>
      <div
        className="min-h-0 flex-1 overflow-y-auto px-4 pt-4"
        role="region"
        aria-labelledby={heading}
        tabIndex={0}
      >
        {children}
      </div>
      {footer && <footer className="shrink-0 border-t border-line px-4 py-3">{footer}</footer>}
    </>
  );
  if (!beside) {
    return (
      <Suspense>
        <PanelDrawer labelledBy={heading} onClose={onClose}>
          {body}
        </PanelDrawer>
      </Suspense>
    );
  }
  return (
    <aside
      aria-labelledby={heading}
      className={`flex shrink-0 flex-col overflow-hidden rounded-md border border-line bg-panel ${wide ? 'w-[440px] min-[1400px]:w-[520px]' : 'w-[400px]'}`}
    >
      {body}
    </aside>
  );
}
