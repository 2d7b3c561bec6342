import IconButton from '@mui/material/IconButton';
import { type ComponentType, Suspense, useState } from 'react';
import { Icon, type IconName } from '@/shared/ui/Icon';

export interface PopupProps {
  /** What to open at; null while closed. */
  anchor: HTMLElement | null;
  onClose: () => void;
}

interface Props {
  name: string;
  icon: IconName;
  kind: 'menu' | 'dialog';
  /** Loaded when first opened: the first paint does not wait for it. */
  popup: ComponentType<PopupProps>;
}

/** A button in the bar that opens something. */
export function PopupButton({ name, icon, kind, popup: Popup }: Props) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [used, setUsed] = useState(false);
  const open = (event: React.MouseEvent<HTMLElement>) => {
    setUsed(true);
    setAnchor(event.currentTarget);
  };
  return (
    <>
      <IconButton aria-label={name} aria-haspopup={kind} aria-expanded={anchor !== null} onClick={open}>
        <Icon name={icon} />
      </IconButton>
      {used && (
        <Suspense>
          <Popup anchor={anchor} onClose={() => setAnchor(null)} />
        </Suspense>
      )}
    </>
  );
}
