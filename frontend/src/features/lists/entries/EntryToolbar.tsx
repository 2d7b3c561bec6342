import Button from '@mui/material/Button';
import { TextFilter } from '@/shared/ui/fields/TextFilter';
import { Icon } from '@/shared/ui/Icon';

interface Props {
  text: string;
  onText: (text: string) => void;
  onAdd: (() => void) | undefined;
}

export function EntryToolbar({ text, onText, onAdd }: Props) {
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-2 border-b border-line px-4 py-2">
      <TextFilter
        label="Find an entry"
        placeholder="Find an entry"
        value={text}
        onChange={onText}
        className="w-56"
      />
      {onAdd && (
        <Button
          variant="contained"
          sx={{ ml: 'auto' }}
          startIcon={<Icon name="plus" size={13} />}
          onClick={onAdd}
        >
          Add entries
        </Button>
      )}
    </div>
  );
}
