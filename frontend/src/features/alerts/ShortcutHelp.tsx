import { useMayAct } from '@/shared/session/useMayAct';
import { Kbd } from '@/shared/ui/Kbd';

/** The keys of this screen, in sight where there is a keyboard. */
export function ShortcutHelp() {
  const mayAct = useMayAct();
  return (
    <footer className="hidden h-8 shrink-0 items-center gap-4 border-t border-line px-4 text-xs text-faint lg:flex">
      <span className="flex items-center gap-1">
        <Kbd>J</Kbd>
        <Kbd>K</Kbd> next, previous
      </span>
      {mayAct && (
        <>
          <span className="flex items-center gap-1">
            <Kbd>A</Kbd> acknowledge
          </span>
          <span className="flex items-center gap-1">
            <Kbd>R</Kbd> resolve
          </span>
        </>
      )}
      <span className="flex items-center gap-1">
        <Kbd>Esc</Kbd> close
      </span>
    </footer>
  );
}
