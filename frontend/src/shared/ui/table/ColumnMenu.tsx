import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import { Icon } from '@/shared/ui/Icon';
import type { Column } from './columns';
import type { ColumnChoice } from './useColumnChoice';

interface Props<Row> {
  anchor: HTMLElement | null;
  columns: readonly Column<Row>[];
  choice: ColumnChoice;
  onClose: () => void;
}

/** Ticks the columns to be seen. It stays open: one seldom changes only one. */
export default function ColumnMenu<Row>({ anchor, columns, choice, onClose }: Props<Row>) {
  return (
    <Menu anchorEl={anchor} open={anchor !== null} onClose={onClose}>
      {columns
        .filter((column) => !column.fixed)
        .map((column) => {
          const shown = choice.shown(column.id);
          return (
            <MenuItem
              key={column.id}
              role="menuitemcheckbox"
              aria-checked={shown}
              onClick={() => choice.toggle(column.id)}
            >
              <span className="mr-2 w-3.5 text-accent">{shown && <Icon name="check" size={14} />}</span>
              {column.header}
            </MenuItem>
          );
        })}
      <MenuItem disabled={!choice.changed} onClick={choice.reset} divider={false}>
        <span className="mr-2 w-3.5" />
        As it was
      </MenuItem>
    </Menu>
  );
}
