import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import { useNavigate } from '@tanstack/react-router';
import { Icon } from '@/shared/ui/Icon';
import { AT_HAND } from './entries';
import type { PopupProps } from './PopupButton';
import { useEntries } from './useEntries';

/** The screens that have no place of their own at the bottom of a narrow window. */
export default function MoreMenu({ anchor, onClose }: PopupProps) {
  const navigate = useNavigate();
  return (
    <Menu
      anchorEl={anchor}
      open={anchor !== null}
      onClose={onClose}
      anchorOrigin={{ vertical: 'top', horizontal: 'right' }}
      transformOrigin={{ vertical: 'bottom', horizontal: 'right' }}
    >
      {useEntries()
        .slice(AT_HAND)
        .map(({ to, name, icon }) => (
          <MenuItem
            key={to}
            onClick={() => {
              onClose();
              void navigate({ to });
            }}
            sx={{ minHeight: 44, gap: 1.5, pr: 4 }}
          >
            <Icon name={icon} size={15} />
            {name}
          </MenuItem>
        ))}
    </Menu>
  );
}
