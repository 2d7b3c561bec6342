import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import type { ExportFormat } from './exportFormat';

interface Props {
  anchor: HTMLElement | null;
  onClose: () => void;
  onChoose: (format: ExportFormat) => void;
}

export default function ExportMenu({ anchor, onClose, onChoose }: Props) {
  return (
    <Menu anchorEl={anchor} open={anchor !== null} onClose={onClose}>
      <MenuItem onClick={() => onChoose('csv')}>
        CSV <span className="ml-2 text-faint">a table, for spreadsheets</span>
      </MenuItem>
      <MenuItem onClick={() => onChoose('jsonl')}>
        JSON lines <span className="ml-2 text-faint">one object a line, for programs</span>
      </MenuItem>
    </Menu>
  );
}
