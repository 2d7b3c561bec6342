import { Icon } from '@/shared/ui/Icon';

interface Props {
  label: string;
  checked: boolean;
  onToggle: () => void;
}

/** A box to tick. No input: the single keys of the screen go on working while it has the focus. */
export function Tick({ label, checked, onToggle }: Props) {
  return (
    <button
      type="button"
      role="checkbox"
      aria-checked={checked}
      aria-label={label}
      tabIndex={-1}
      onClick={(event) => {
        event.stopPropagation();
        onToggle();
      }}
      className="-m-1 grid size-6 place-items-center rounded-xs"
    >
      <span
        className={`grid size-3.5 place-items-center rounded-xs border ${checked ? 'border-accent bg-accent text-on-accent' : 'border-control bg-panel'}`}
      >
        {checked && <Icon name="check" size={10} />}
      </span>
    </button>
  );
}
