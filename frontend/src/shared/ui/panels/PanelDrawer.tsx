import Drawer from '@mui/material/Drawer';
import type { PropsWithChildren } from 'react';
import { PANEL_DIALOG } from '@/shared/commands/keys';

interface Props {
  labelledBy: string;
  onClose: () => void;
}

/** Over the screen, from its right edge. The screen's single keys work on in it. */
export default function PanelDrawer({ labelledBy, onClose, children }: PropsWithChildren<Props>) {
  return (
    <Drawer
      open
      anchor="right"
      onClose={onClose}
      transitionDuration={120}
      slotProps={{
        paper: {
          role: 'dialog',
          'aria-labelledby': labelledBy,
          ...PANEL_DIALOG,
          sx: { width: '100%', maxWidth: 440 },
        },
      }}
    >
      {children}
    </Drawer>
  );
}
