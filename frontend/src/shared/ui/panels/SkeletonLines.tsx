const WIDTHS = ['92%', '78%', '85%', '60%', '88%', '71%'];

/** Where text will be. */
export function SkeletonLines({ lines }: { lines: number }) {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-3 py-2">
      {Array.from({ length: lines }, (_, i) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines are alike and never move
          key={i}
          className="h-3 animate-pulse rounded-xs bg-sunken"
          style={{ width: WIDTHS[i % WIDTHS.length] }}
        />
      ))}
    </div>
  );
}
