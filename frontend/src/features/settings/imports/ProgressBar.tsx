interface Props {
  label: string;
  /** 0 to 1; null while nobody knows. */
  share: number | null;
}

/** How far something is. */
export function ProgressBar({ label, share }: Props) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share === null ? undefined : Math.round(share * 100)}
      className="h-2 overflow-hidden rounded-sm bg-hover"
    >
      <div
        className={`h-full bg-accent ${share === null ? 'w-1/3 motion-safe:animate-pulse' : ''}`}
        style={share === null ? undefined : { width: `${share * 100}%` }}
      />
    </div>
  );
}
