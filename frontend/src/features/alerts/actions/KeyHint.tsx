import { Kbd } from '@/shared/ui/Kbd';

/** Not part of the button's name: `aria-keyshortcuts` tells it. */
export function KeyHint({ name }: { name: string }) {
  return (
    <span aria-hidden="true" className="flex">
      <Kbd>{name}</Kbd>
    </span>
  );
}
