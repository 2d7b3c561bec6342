import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import { signOut } from '@/shared/api/client';
import { session } from '@/shared/session/store';
import { useMe } from '@/shared/session/useMe';
import { useStore } from '@/shared/store';
import type { PopupProps } from './PopupButton';

/** Who one is, and the way out. */
export default function AccountMenu({ anchor, onClose }: PopupProps) {
  const { data: me } = useMe();
  const { email } = useStore(session);
  const leave = () => {
    onClose();
    signOut();
  };
  return (
    <Menu
      anchorEl={anchor}
      open={anchor !== null}
      onClose={onClose}
      anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
      transformOrigin={{ vertical: 'top', horizontal: 'right' }}
    >
      <li role="presentation" className="mb-1 border-b border-line px-4 pt-1 pb-2">
        <span className="block font-medium">{email}</span>
        <span className="text-faint capitalize">{me?.role}</span>
      </li>
      <MenuItem component="a" href="/docs" target="_blank" onClick={onClose}>
        API documentation
      </MenuItem>
      <MenuItem onClick={leave}>Sign out</MenuItem>
    </Menu>
  );
}
