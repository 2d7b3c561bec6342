/** A key of the keyboard. */
export function Kbd({ children }: { children: string }) {
  return (
    <kbd className="inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-xs border border-line bg-sunken px-1 font-sans text-2xs font-medium text-muted">
      {children}
    </kbd>
  );
}
