import { Link } from '@tanstack/react-router';

/** The product's name, and its mark: four rising bars, one for each level. */
export function Brand() {
  return (
    <Link to="/live" className="flex items-center gap-2 rounded-xs text-md font-semibold tracking-tight">
      <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
        <rect x="1" y="13" width="3.4" height="6" rx="1" className="fill-low-mark" />
        <rect x="6" y="10" width="3.4" height="9" rx="1" className="fill-medium-mark" />
        <rect x="11" y="6" width="3.4" height="13" rx="1" className="fill-high-mark" />
        <rect x="16" y="1" width="3.4" height="18" rx="1" className="fill-critical-mark" />
      </svg>
      Risk
    </Link>
  );
}
